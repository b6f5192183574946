// Asks this service: SPARQL, and whatever else answers in JSON or with a problem (RFC 9457).
export interface Term {
  type: "uri" | "literal" | "bnode";
  value: string;
  "xml:lang"?: string;
  datatype?: string;
}

export type Binding = Readonly<Record<string, Term | undefined>>;

export interface Solutions {
  head: { vars: string[] };
  results?: { bindings: Binding[] };
  boolean?: boolean;
}

/** What the service says is wrong, and where. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly hint?: string,
    readonly line?: number,
    readonly column?: number,
    readonly report?: unknown,
  ) {
    super([detail, hint].filter(Boolean).join("; "));
  }
}

/** Reads the problem of an answer that is not in the 200s. */
export async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    const said = JSON.parse(text);
    return new Problem(answer.status, said.detail ?? answer.statusText, said.hint, said.line, said.column, said.report);
  } catch {
    return new Problem(answer.status, text.slice(0, 1000) || answer.statusText);
  }
}

/** Sends a request and reads JSON. @throws Problem */
export async function getJson<Data>(address: string, options: RequestInit = {}): Promise<Data> {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, ...options });
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()) as Data;
}

/** Evaluates a SELECT or an ASK. @throws Problem */
export function ask(query: string, signal?: AbortSignal): Promise<Solutions> {
  return getJson<Solutions>("/sparql", {
    method: "POST",
    headers: { Accept: "application/sparql-results+json", "Content-Type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ query }),
    ...(signal ? { signal } : {}),
  });
}
