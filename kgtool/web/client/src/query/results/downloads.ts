// The answer in every format, asked for again: what is shown may be rounded, sorted or cut, what is saved is not.
import { element } from "../../shared/dom";
import { problemOf } from "../../shared/sparql";
import { t } from "../../shared/words";
import type { Answer } from "../answer";
import type { Asked } from "./view";

const SOLUTIONS = { csv: "csv", tsv: "tsv", json: "srj", xml: "srx" } as const;
const TRIPLES = { turtle: "ttl", ntriples: "nt", jsonld: "jsonld", rdfxml: "rdf" } as const;
const NAMES: Readonly<Record<string, string>> = {
  csv: "CSV",
  tsv: "TSV",
  json: "JSON",
  xml: "XML",
  turtle: "Turtle",
  ntriples: "N-Triples",
  jsonld: "JSON-LD",
  rdfxml: "RDF/XML",
};
/** Characters that an address may have; longer queries are sent by POST. */
const LONGEST = 6000;

/** Gives the line of links that save an answer. */
export function downloads(answer: Answer, asked: Asked): HTMLElement {
  const line = element("p", { class: "downloads no-print" }, t("Download"), " ");
  const formats = Object.entries(answer.kind === "triples" ? TRIPLES : SOLUTIONS).filter(
    // CSV and TSV have no form for a yes or no.
    ([format]) => answer.kind !== "boolean" || format === "json" || format === "xml",
  );
  const name = t("answer");
  for (const [format, ending] of formats) {
    const fields = new URLSearchParams({ query: asked.query, format, reasoning: asked.reasoning ? "on" : "off" });
    const file = `${name}.${ending}`;
    const address = `/sparql?${fields}`;
    const link = element("a", { href: address.length > LONGEST ? "/sparql" : address, download: file }, NAMES[format]);
    if (address.length > LONGEST) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        void save(fields, file, link);
      });
    }
    line.append(link, " ");
  }
  return line;
}

async function save(fields: URLSearchParams, file: string, link: HTMLElement): Promise<void> {
  const answer = await fetch("/sparql", { method: "POST", body: fields });
  if (!answer.ok) {
    link.after(element("span", { role: "alert" }, ` ${(await problemOf(answer)).message}`));
    return;
  }
  const address = URL.createObjectURL(await answer.blob());
  element("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
