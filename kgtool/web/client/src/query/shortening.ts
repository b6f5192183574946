// IRIs as people write them: with the service's prefixes, or by their ends, which tell them from their neighbours.
import { pageData } from "../shared/dom";

const { prefixes } = pageData<{ prefixes: Readonly<Record<string, string>> }>("query-settings");
const known = Object.entries(prefixes);
/** Characters of an IRI that stand beside a name. */
const MOST = 36;

/** Gives an IRI in short. */
export function short(iri: string): string {
  for (const [prefix, start] of known) {
    const local = iri.startsWith(start) ? iri.slice(start.length) : "";
    if (/^[\p{L}\p{N}_-]+$/u.test(local)) return `${prefix}:${local}`;
  }
  const characters = Array.from(iri);
  if (characters.length <= MOST) return iri;
  const end = characters.slice(1 - MOST).join("");
  // A whole step of the path reads better than the rest of one.
  const step = end.indexOf("/");
  return `…${step >= 0 && step < 16 ? end.slice(step) : end}`;
}
