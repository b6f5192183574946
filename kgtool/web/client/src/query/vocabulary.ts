// What the graph has to suggest: asked of the service once, when an editor first needs it.
import { inLanguage } from "../shared/addresses";
import { folded } from "../shared/folding";
import { getJson } from "../shared/sparql";
import { language, number } from "../shared/words";
import type { Context } from "./context";

interface Term {
  iri: string;
  label?: string;
  things?: number;
  triples?: number;
}

interface Vocabulary {
  prefixes: { prefix: string; namespace: string }[];
  classes: Term[];
  properties: Term[];
  /** Of each class: places in ``properties``, and in how many of a hundred things. */
  ofClasses: Record<string, [place: number, percent: number][]>;
}

/** A term that fits, as it is to be written and shown. */
export interface Suggestion {
  text: string;
  label: string;
  /** How many things or triples have it; or the part of the subject's class that does. */
  count: string;
  /** The prefix that the query has to declare for it. */
  prefix?: readonly [name: string, namespace: string];
}

const most = 50;
const percent = new Intl.NumberFormat(language, { style: "percent" });
let vocabulary: Promise<Vocabulary> | undefined;

/** Gives the graph's vocabulary. @throws Problem */
export function theVocabulary(): Promise<Vocabulary> {
  if (!vocabulary) {
    vocabulary = getJson<Vocabulary>(inLanguage("/query/vocabulary"));
    vocabulary.catch(() => {
      vocabulary = undefined; // the next one asks again
    });
  }
  return vocabulary;
}

/** Gives the prefixes as declarations begin: "kg: <…>". */
export async function declarations(): Promise<string[]> {
  const { prefixes } = await theVocabulary();
  return prefixes.map(({ prefix, namespace }) => `${prefix}: <${namespace}>`).sort();
}

/** Gives the classes or properties that fit what is typed, those of the subject's classes first. */
export async function suggestions(typed: string, context: Context): Promise<Suggestion[]> {
  const known = await theVocabulary();
  const shares = context.place === "property" ? sharesOf(known, context.classes) : new Map<string, number>();
  const prefixes = [
    ...context.prefixes,
    ...known.prefixes
      .filter(({ prefix }) => !context.prefixes.has(prefix))
      .map(({ prefix, namespace }) => [prefix, namespace] as const),
  ];
  const isFull = typed.startsWith("<");
  const sought = folded(typed.replace(/^<|>$/g, ""));
  const terms = context.place === "class" ? known.classes : known.properties;
  return terms
    .map((term) => {
      const written = isFull ? undefined : shortened(term.iri, prefixes);
      return { term, written, share: shares.get(term.iri) ?? 0, rank: rankOf(term, written?.text ?? "", sought) };
    })
    .filter(({ rank }) => rank < 9)
    .sort(
      (one, other) =>
        Number(other.share > 0) - Number(one.share > 0) ||
        one.rank - other.rank ||
        other.share - one.share ||
        sizeOf(other.term) - sizeOf(one.term),
    )
    .slice(0, most)
    .map(({ term, written, share }) => ({
      text: written?.text ?? `<${term.iri}>`,
      label: term.label ?? "",
      count: share ? percent.format(share / 100) : number(sizeOf(term)),
      ...(written && !context.prefixes.has(written.prefix[0]) ? { prefix: written.prefix } : {}),
    }));
}

function sharesOf({ properties, ofClasses }: Vocabulary, classes: readonly string[]): Map<string, number> {
  const shares = new Map<string, number>();
  for (const each of classes) {
    for (const [place, percent] of ofClasses[each] ?? []) {
      const iri = properties[place]?.iri;
      if (iri) shares.set(iri, Math.max(percent, shares.get(iri) ?? 0));
    }
  }
  return shares;
}

function sizeOf({ things, triples }: Term): number {
  return things ?? triples ?? 0;
}

/** Tells how well a term fits: 0 best, 9 not at all. */
function rankOf({ iri, label = "" }: Term, written: string, sought: string): number {
  if (!sought) return 0;
  const [name, whole, words] = [folded(written), folded(iri), folded(label)];
  if (name === sought || whole === sought) return 0;
  if (name.startsWith(sought) || whole.startsWith(sought)) return 1;
  const last = whole.slice(Math.max(whole.lastIndexOf("#"), whole.lastIndexOf("/")) + 1);
  if (last.startsWith(sought)) return 2;
  if (words.startsWith(sought)) return 3;
  if (words.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(sought))) return 4;
  return sought.length > 2 && last.includes(sought) ? 5 : 9;
}

/** Writes an IRI by a prefix, if one fits and SPARQL lets the rest stand behind it. */
function shortened(
  iri: string,
  prefixes: readonly (readonly [string, string])[],
): { text: string; prefix: readonly [string, string] } | undefined {
  for (const prefix of prefixes) {
    const rest = iri.startsWith(prefix[1]) ? iri.slice(prefix[1].length) : "";
    if (/^[\p{L}\p{N}_](?:[\p{L}\p{N}_.-]*[\p{L}\p{N}_-])?$/u.test(rest)) {
      return { text: `${prefix[0]}:${rest}`, prefix };
    }
  }
  return undefined;
}
