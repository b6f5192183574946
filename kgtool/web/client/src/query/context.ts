// Where a cursor stands in a query: what the subject there is said to be, and whether a class or a property comes next.
import { type Token, tokensOf } from "./scanning";

export interface Context {
  /** What may come next; undefined where neither a class nor a property does. */
  place: "class" | "property" | undefined;
  /** IRIs of the classes that the query says the subject has. */
  classes: string[];
  /** The prefixes that the query declares. */
  prefixes: Map<string, string>;
}

const type = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
/** Properties with classes as values. */
const ofClasses: ReadonlySet<string> = new Set([
  type,
  ...["subClassOf", "domain", "range"].map((name) => `http://www.w3.org/2000/01/rdf-schema#${name}`),
]);

interface Said {
  subject: string;
  predicate: string;
  value: string;
}

interface State {
  subject?: string;
  predicate?: string;
}

/** Reads a query up to a place, and all of it for what is said of the subject there. */
export function contextAt(text: string, offset: number): Context {
  const before = tokensOf(text.slice(0, offset));
  const tokens = tokensOf(text);
  const prefixes = prefixesOf(tokens);
  const here = new Reader(prefixes);
  for (const token of before) here.take(token);
  const all = new Reader(prefixes);
  for (const token of tokens) all.take(token);
  const { subject } = here.state;
  const classes = all.said
    .filter((each) => each.predicate === type && each.subject === subject)
    .map((each) => each.value);
  return { place: here.place(), classes, prefixes };
}

/** Gives the prefixes that a query declares. */
export function prefixesOf(tokens: readonly Token[]): Map<string, string> {
  const found = new Map<string, string>();
  tokens.forEach((token, place) => {
    const [name, iri] = [tokens[place + 1], tokens[place + 2]];
    if (
      token.kind === "word" &&
      token.text.toUpperCase() === "PREFIX" &&
      name?.kind === "name" &&
      iri?.kind === "iri"
    ) {
      found.set(name.text.slice(0, -1), iri.text.slice(1, -1));
    }
  });
  return found;
}

/** Follows a query token by token: in which triple it is, and what the triples before say. */
class Reader {
  readonly said: Said[] = [];
  state: State = {};
  private readonly outer: State[] = [];
  private brackets = 0;
  private braces = 0;
  private last = "";
  private values: "none" | "announced" | "within" = "none";

  constructor(private readonly prefixes: ReadonlyMap<string, string>) {}

  take(token: Token): void {
    if (token.kind === "mark") this.mark(token);
    else if (token.kind === "word" && token.text !== "a") this.word(token.text.toUpperCase());
    else if (!this.brackets && this.values !== "within") this.term(token);
    this.last = token.text;
  }

  place(): Context["place"] {
    if (this.values === "within") return "class";
    if (!this.braces || this.brackets || !this.state.subject) return undefined;
    if (!this.state.predicate) return "property";
    if ("/|^".includes(this.last)) return "property";
    return ofClasses.has(this.state.predicate) ? "class" : undefined;
  }

  private mark({ text, start }: Token): void {
    if (text === "(") this.brackets += 1;
    else if (text === ")") this.brackets = Math.max(0, this.brackets - 1);
    else if (text === "[") {
      this.outer.push(this.state);
      this.state = { subject: `[${start}` };
    } else if (text === "]") this.state = this.outer.pop() ?? {};
    else if (text === ";") delete this.state.predicate;
    else if ("{}.".includes(text)) {
      this.braces += text === "{" ? 1 : text === "}" ? -1 : 0;
      this.state = {};
      this.values = text === "{" && this.values === "announced" ? "within" : "none";
    }
  }

  private word(word: string): void {
    if (word === "TRUE" || word === "FALSE") return; // they are values
    if (word === "VALUES") this.values = "announced";
    this.state = {};
  }

  private term(token: Token): void {
    const name = this.named(token);
    if (this.values === "announced") return;
    if (!this.state.subject) this.state = { subject: name };
    else if (!this.state.predicate) this.state.predicate = name;
    else if (!(this.last && "/|^".includes(this.last))) {
      this.said.push({ subject: this.state.subject, predicate: this.state.predicate, value: name });
    }
  }

  private named(token: Token): string {
    if (token.kind === "word") return type;
    if (token.kind === "iri") return token.text.slice(1, -1);
    if (token.kind !== "name") return token.text;
    const [prefix = "", ...rest] = token.text.split(":");
    const namespace = this.prefixes.get(prefix);
    return namespace === undefined ? token.text : namespace + rest.join(":");
  }
}
