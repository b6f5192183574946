// Names of things in the page's language, asked of the service once each.
import { getJson } from "../shared/sparql";
import { language } from "../shared/words";
import type { Answer } from "./answer";

export interface Name {
  text: string;
  language: string | null;
}

/** As many as the service takes at a time. */
const AT_A_TIME = 5000;
const known = new Map<string, Name>();

/** Gives the name of a thing, if it has come already. */
export function nameOf(iri: string): Name | undefined {
  return known.get(iri);
}

/** Gives the text that stands for a thing: its name, else the end of its IRI. */
export function textOf(iri: string): string {
  return known.get(iri)?.text ?? (iri.replace(/[/#]+$/, "").replace(/^.*[/#]/, "") || iri);
}

/** Gives every IRI of an answer, each once. */
export function irisOf(answer: Answer): string[] {
  const found = new Set<string>();
  for (const row of answer.rows) {
    for (const term of Object.values(row)) if (term?.type === "uri") found.add(term.value);
  }
  return [...found];
}

/**
 * Asks for the names that are not known yet; a service that does not answer leaves them unknown.
 * @param came is called after each part
 */
export async function askNames(iris: readonly string[], came: () => void = () => {}): Promise<void> {
  const missing = iris.filter((iri) => !known.has(iri));
  for (let from = 0; from < missing.length; from += AT_A_TIME) {
    const part = missing.slice(from, from + AT_A_TIME);
    try {
      const { labels } = await getJson<{ labels: Record<string, Name> }>(`/query/labels?lang=${language}`, {
        method: "POST",
        headers: { Accept: "application/json", "Content-Type": "application/json" },
        body: JSON.stringify({ iris: part }),
      });
      for (const [iri, name] of Object.entries(labels)) known.set(iri, name);
    } catch {
      return;
    }
    came();
  }
}
