// What terms are: numbers, days, places; and how they read in short.

import type { Term } from "../shared/sparql";
import type { Answer } from "./answer";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const NUMERIC =
  /^(?:decimal|integer|double|float|(?:(?:non)?(?:positive|negative)|non(?:Positive|Negative))Integer|(?:unsigned)?(?:long|int|short|byte|Long|Int|Short|Byte))$/;
const TEMPORAL = /^(?:date|dateTime|dateTimeStamp|gYear|gYearMonth)$/;

/** Gives the number that a literal stands for; undefined for any other term. */
export function numberOf(term: Term | undefined): number | undefined {
  if (term?.type !== "literal" || !term.datatype?.startsWith(XSD)) return undefined;
  if (!NUMERIC.test(term.datatype.slice(XSD.length))) return undefined;
  const value = Number(term.value);
  return Number.isNaN(value) ? undefined : value;
}

/** Gives what a literal says of time as it stands, from year to second; undefined for any other term. */
export function timeOf(term: Term | undefined): string | undefined {
  if (term?.type !== "literal" || !term.datatype?.startsWith(XSD)) return undefined;
  return TEMPORAL.test(term.datatype.slice(XSD.length)) ? term.value : undefined;
}

/** Gives the first or the last day of what a term says of time. */
export function dayOf(term: Term | undefined, end: "first" | "last"): string | undefined {
  const time = timeOf(term);
  const [, year, month, day] = /^(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?/.exec(time ?? "") ?? [];
  if (!year) return undefined;
  if (day) return `${year}-${month}-${day}`;
  if (end === "first") return `${year}-${month ?? "01"}-01`;
  const last = month ? new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate() : 31;
  return `${year}-${month ?? "12"}-${last}`;
}

/** Gives latitude and longitude of a WKT point, in the order of GeoSPARQL (longitude first). */
export function pointOf(term: Term | undefined): { latitude: number; longitude: number } | undefined {
  if (term?.type !== "literal") return undefined;
  const found = /^\s*(?:<[^>]*>\s*)?POINT\s*(?:Z\s*)?\(\s*(-?[\d.]+)\s+(-?[\d.]+)/i.exec(term.value);
  return found ? { longitude: Number(found[1]), latitude: Number(found[2]) } : undefined;
}

/** Gives the short name of a datatype, as people write it. */
export function datatypeName(datatype: string): string {
  return datatype.startsWith(XSD) ? `xsd:${datatype.slice(XSD.length)}` : datatype.replace(/^.*[/#](?=.)/, "");
}

/** Gives the columns in which some row has a value that fits. */
export function columnsWith(answer: Answer, fits: (term: Term | undefined) => unknown): string[] {
  return answer.columns.filter((column) => answer.rows.some((row) => fits(row[column]) !== undefined));
}

/** Gives the IRI that a term is; undefined for any other. */
export function iriOf(term: Term | undefined): string | undefined {
  return term?.type === "uri" ? term.value : undefined;
}

/** Gives text without case and accents, œ and æ written out: what filters and sorting look at. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "");
}
