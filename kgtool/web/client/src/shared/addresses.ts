// From IRIs to what a page may link to: a resource's own page, the ontology's documentation, or the web; never a script.
const base = document.body.dataset.base ?? "";
const ontology = document.body.dataset.ontology ?? "";

/** Gives the address of this service with the language that the page was asked for in, if any. */
export function inLanguage(address: string): string {
  const asked = new URLSearchParams(location.search).get("lang");
  if (!asked) return address;
  const url = new URL(address, location.origin);
  url.searchParams.set("lang", asked);
  return url.pathname + url.search + url.hash;
}

/** Gives the address to link to for an IRI; undefined for what no page may link to. */
export function addressOf(iri: string): string | undefined {
  if (base && iri.startsWith(base) && iri.length > base.length) {
    return inLanguage(
      `/id/${encodeURI(iri.slice(base.length)).replace(/%25/g, "%").replace(/[?#]/g, encodeURIComponent)}`,
    );
  }
  if (ontology && iri.startsWith(`${ontology}#`)) {
    return inLanguage(`/ontology#${encodeURIComponent(iri.slice(ontology.length + 1))}`);
  }
  return /^https?:\/\//i.test(iri) ? iri : undefined;
}

/** Gives the address of the query page with a text in its editor. */
export function queryAddress(query: string): string {
  return inLanguage(`/query?${new URLSearchParams({ query })}`);
}
