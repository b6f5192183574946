// An answer of the service, read once: solutions, a yes or no, or triples; and, where there is none, what went wrong.
import type { Yasgui } from "@zazuko/yasgui";
import { type Binding, Problem, type Solutions, type Term } from "../shared/sparql";

export type Results = InstanceType<typeof Yasgui.Yasr>;
type Parsed = NonNullable<Results["results"]>;

export interface Answer {
  kind: "solutions" | "boolean" | "triples";
  columns: readonly string[];
  rows: readonly Binding[];
  /** Of an ASK. */
  yes?: boolean;
  /** As the service sent it. */
  text: string;
}

/** The columns of triples. */
export const TRIPLE = ["subject", "predicate", "object"] as const;

const kept = new WeakMap<Parsed, Answer>();

/** Gives the answer that Yasr holds. It is parsed here: Yasr rewrites literals that hold {{…}}, and copies every row. */
export function answerOf(parsed: Parsed): Answer {
  const known = kept.get(parsed);
  if (known) return known;
  const read = readAnswer(parsed.getOriginalResponseAsString() ?? "");
  kept.set(parsed, read);
  return read;
}

/** Reads SPARQL results in JSON, or N-Triples; anything else (an update's report) is an answer without rows. */
export function readAnswer(text: string): Answer {
  if (!text.trimStart().startsWith("{")) {
    return { kind: "triples", columns: TRIPLE, rows: readTriples(text), text };
  }
  let read: Partial<Solutions>;
  try {
    read = JSON.parse(text) as Partial<Solutions>;
  } catch {
    return { kind: "solutions", columns: [], rows: [], text };
  }
  if (typeof read.boolean === "boolean") return { kind: "boolean", columns: [], rows: [], yes: read.boolean, text };
  return { kind: "solutions", columns: read.head?.vars ?? [], rows: read.results?.bindings ?? [], text };
}

const LINE =
  /^\s*(<[^>]*>|_:\S+)\s+(<[^>]*>)\s+(<[^>]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:\^\^<[^>]*>|@[A-Za-z0-9-]+)?)\s*\.\s*$/;
const SHORT: Readonly<Record<string, string>> = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

function readTriples(text: string): Binding[] {
  const rows: Binding[] = [];
  for (const line of text.split("\n")) {
    const found = LINE.exec(line);
    if (found) rows.push({ subject: term(found[1]), predicate: term(found[2]), object: term(found[3]) });
  }
  return rows;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
    four || eight ? String.fromCodePoint(Number.parseInt(four ?? eight, 16)) : (SHORT[one] ?? one),
  );
}

function term(text = ""): Term {
  if (text.startsWith("<")) return { type: "uri", value: unescaped(text.slice(1, -1)) };
  if (text.startsWith("_:")) return { type: "bnode", value: text.slice(2) };
  const end = text.lastIndexOf('"');
  const rest = text.slice(end + 1);
  return {
    type: "literal",
    value: unescaped(text.slice(1, end)),
    ...(rest.startsWith("@") ? { "xml:lang": rest.slice(1) } : {}),
    ...(rest.startsWith("^^") ? { datatype: rest.slice(3, -1) } : {}),
  };
}

/** Reads the problem in the text of an error; undefined when there is none: the service did not answer. */
export function problemIn(text: string): Problem | undefined {
  try {
    const said = JSON.parse(text);
    return typeof said.detail === "string"
      ? new Problem(said.status, said.detail, said.hint, said.line, said.column, said.report)
      : undefined;
  } catch {
    return undefined;
  }
}
