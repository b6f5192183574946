// A query as code that sends it: for a shell, Python and R. Whatever stands in the query stays data.
import { formOf } from "./scanning";

export interface Asked {
  query: string;
  reasoning: boolean;
  /** Seconds; the service's own limit without it. */
  timeout?: number;
}

type Answer = "rows" | "yes or no" | "triples";

const accepted: Readonly<Record<Answer, string>> = {
  rows: "text/csv",
  "yes or no": "application/sparql-results+json",
  triples: "text/turtle",
};

function answerOf(query: string): Answer {
  const form = formOf(query);
  if (form === "SELECT") return "rows";
  return form === "ASK" ? "yes or no" : "triples";
}

/** Gives what is sent beside the query: nothing for what the service does anyway. */
function options({ reasoning, timeout }: Asked): [string, string][] {
  const found: [string, string][] = [];
  if (!reasoning) found.push(["reasoning", "off"]);
  if (timeout) found.push(["timeout", String(timeout)]);
  return found;
}

/** Writes a command for a POSIX shell. */
export function asCurl(asked: Asked, endpoint: string): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const fields = [["query", asked.query] as const, ...options(asked)];
  return [
    `curl --silent --show-error --fail-with-body ${quoted(endpoint)}`,
    `  --header ${quoted(`Accept: ${accepted[answerOf(asked.query)]}`)}`,
    ...fields.map(([name, value]) => `  --data-urlencode ${quoted(`${name}=${value}`)}`),
  ].join(" \\\n");
}

/** Writes a script for Python 3 with pandas; without pandas where the answer is no table. */
export function asPython(asked: Asked, endpoint: string): string {
  const answer = answerOf(asked.query);
  const more = options(asked).map(([name, value]) => `, ${pythonText(name)}: ${pythonText(value)}`);
  const endings: Record<Answer, string[]> = {
    rows: ["    table = pandas.read_csv(answer)", "print(table)"],
    "yes or no": ['    print(json.load(answer)["boolean"])'],
    triples: ['    print(answer.read().decode("utf-8"))'],
  };
  return [
    ...(answer === "yes or no" ? ["import json"] : []),
    "from urllib.parse import urlencode",
    "from urllib.request import Request, urlopen",
    ...(answer === "rows" ? ["", "import pandas"] : []),
    "",
    `query = ${pythonBlock(asked.query)}`,
    `sent = urlencode({"query": query${more.join("")}}).encode()`,
    `request = Request(${pythonText(endpoint)}, data=sent, headers={"Accept": ${pythonText(accepted[answer])}})`,
    "with urlopen(request) as answer:",
    ...endings[answer],
  ].join("\n");
}

/** Writes a script for R (4.1 and later) with httr2, and readr for tables. */
export function asR(asked: Asked, endpoint: string): string {
  const answer = answerOf(asked.query);
  const more = options(asked).map(([name, value]) => `, ${name} = ${rText(value)}`);
  const endings: Record<Answer, string> = {
    rows: "table <- read_csv(resp_body_raw(answer))\nprint(table)",
    "yes or no": "print(resp_body_json(answer, check_type = FALSE)$boolean)",
    triples: "cat(resp_body_string(answer))",
  };
  return [
    "library(httr2)",
    ...(answer === "rows" ? ["library(readr)"] : []),
    "",
    `query <- ${rText(asked.query)}`,
    `answer <- request(${rText(endpoint)}) |>`,
    `  req_headers(Accept = ${rText(accepted[answer])}) |>`,
    `  req_body_form(query = query${more.join("")}) |>`,
    "  req_perform()",
    endings[answer],
  ].join("\n");
}

/** Writes a short text as Python; what JSON escapes, Python reads, too. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

/** Writes a text of several lines as Python, readable where it can be. */
function pythonBlock(text: string): string {
  if (!text.includes("\n")) return pythonText(text);
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"""', '\\"\\"\\"')
    .replace(/"$/, '\\"')
    .replace(/[\r\0]/g, (control) => (control === "\r" ? "\\r" : "\\x00"));
  return `"""${escaped}"""`;
}

/** Writes a text as a raw string of R, whose dashes are so many that the text does not end it. */
function rText(text: string): string {
  if (/^[\w:/.+ -]*$/.test(text)) return `"${text}"`;
  let dashes = "";
  while (text.includes(`)${dashes}"`)) dashes += "-";
  return `r"${dashes}(${text})${dashes}"`;
}
