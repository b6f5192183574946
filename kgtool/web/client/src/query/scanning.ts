// SPARQL's words: a text cut into tokens (SPARQL 1.1, section 19.8), for what must be known of a query before it is sent.
export type Kind = "iri" | "string" | "variable" | "blank" | "name" | "language" | "number" | "word" | "mark";

export interface Token {
  kind: Kind;
  text: string;
  start: number;
}

const local = String.raw`(?:[\p{L}\p{N}_:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%])`;
const pattern = new RegExp(
  [
    String.raw`(?<skip>(?:\s+|#[^\n\r]*)+)`,
    String.raw`(?<iri><[^<>"{}|^\x60\x00-\x20]*>)`,
    String.raw`(?<string>"""(?:"{0,2}(?:[^"\\]|\\.))*(?:""")?|'''(?:'{0,2}(?:[^'\\]|\\.))*(?:''')?|"(?:[^"\\\n\r]|\\.)*"?|'(?:[^'\\\n\r]|\\.)*'?)`,
    String.raw`(?<variable>[?$][\p{L}\p{N}_]+)`,
    String.raw`(?<blank>_:[\p{L}\p{N}_-]+)`,
    String.raw`(?<name>(?:\p{L}(?:[\p{L}\p{N}_-]|\.(?=[\p{L}\p{N}_-]))*)?:(?:${local}|\.(?=${local}))*)`,
    "(?<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)",
    String.raw`(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`,
    String.raw`(?<word>[\p{L}_][\p{L}\p{N}_]*)`,
    "(?<mark>.)",
  ].join("|"),
  "suy",
);

/** Cuts a query into tokens; white space and comments are left out. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (!match) break;
    const found = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined);
    if (found && found[0] !== "skip") tokens.push({ kind: found[0] as Kind, text: match[0], start });
    start += match[0].length || 1;
  }
  return tokens;
}

/** Gives the form of a query, SELECT where nobody can tell. */
export function formOf(text: string): "SELECT" | "ASK" | "CONSTRUCT" | "DESCRIBE" {
  for (const token of tokensOf(text)) {
    const word = token.kind === "word" ? token.text.toUpperCase() : "";
    if (word === "SELECT" || word === "ASK" || word === "CONSTRUCT" || word === "DESCRIBE") return word;
  }
  return "SELECT";
}
