// The rows of an answer as a table shows them: filtered, sorted, a page at a time.
import type { Binding, Term } from "../../shared/sparql";
import type { Answer } from "../answer";
import { folded, numberOf, timeOf } from "../terms";
import { plainText } from "./cells";

export interface Order {
  column: string;
  descending: boolean;
}

type Key = readonly [rank: number, value: number | string];

/** What is left of an answer's rows, and in which order. Texts are folded once, and again when names have come. */
export class Rows {
  private readonly texts: (string | undefined)[];
  private shown: readonly number[];
  private filter = "";
  private order: Order | undefined;

  constructor(private readonly answer: Answer) {
    this.texts = new Array(answer.rows.length);
    this.shown = [...answer.rows.keys()];
  }

  get count(): number {
    return this.shown.length;
  }

  get sorted(): Order | undefined {
    return this.order;
  }

  /** Gives the rows of a page, each with its number in the answer. */
  page(from: number, most: number): (readonly [number, Binding])[] {
    return this.shown.slice(from, from + most).map((at) => [at + 1, this.answer.rows[at] as Binding]);
  }

  /** Keeps the rows that hold every word of a text, whatever its case and accents. */
  keep(text: string): void {
    this.filter = folded(text).trim();
    this.update();
  }

  /** Sorts by a column; a second time the other way round, a third time not at all. */
  sort(column: string): void {
    const again = this.order?.column === column;
    this.order = again && this.order?.descending ? undefined : { column, descending: again };
    this.update();
  }

  /** Looks again, as names of things have come. */
  namesCame(): void {
    this.texts.fill(undefined);
    this.update();
  }

  /** Gives every row that is left as tab-separated text, with a line of the columns' names. */
  copied(): string {
    const flat = (text: string): string => text.replace(/[\t\r\n]+/g, " ");
    const lines = this.shown.map((at) =>
      this.answer.columns.map((column) => flat(this.answer.rows[at]?.[column]?.value ?? "")).join("\t"),
    );
    return [this.answer.columns.join("\t"), ...lines].join("\n");
  }

  private update(): void {
    const words = this.filter.split(/\s+/).filter(Boolean);
    const all = [...this.answer.rows.keys()];
    const left = words.length ? all.filter((at) => words.every((word) => this.textAt(at).includes(word))) : all;
    this.shown = this.order ? this.inOrder(left, this.order) : left;
  }

  private textAt(at: number): string {
    const known = this.texts[at];
    if (known !== undefined) return known;
    const row = this.answer.rows[at] as Binding;
    const text = folded(this.answer.columns.map((column) => plainText(row[column])).join("\n"));
    this.texts[at] = text;
    return text;
  }

  private inOrder(left: readonly number[], order: Order): number[] {
    const keys = new Map(left.map((at) => [at, keyOf(this.answer.rows[at]?.[order.column])]));
    const way = order.descending ? -1 : 1;
    return [...left].sort((one, other) => {
      const [first, second] = [keys.get(one) as Key, keys.get(other) as Key];
      // What is unbound stands last either way.
      if (first[0] === UNBOUND || second[0] === UNBOUND) return first[0] - second[0] || one - other;
      if (first[0] !== second[0]) return (first[0] - second[0]) * way;
      return first[1] < second[1] ? -way : first[1] > second[1] ? way : one - other;
    });
  }
}

const UNBOUND = 3;

/** Numbers come before times, and those before texts; each by what it means. */
function keyOf(term: Term | undefined): Key {
  if (!term) return [UNBOUND, ""];
  const number = numberOf(term);
  if (number !== undefined) return [0, number];
  const time = timeOf(term);
  return time === undefined ? [2, folded(plainText(term))] : [1, Number.parseInt(time, 10) < 0 ? ` ${time}` : time];
}
