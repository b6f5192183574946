// The ontology's documentation: a filter over its terms, and a drawing of its main classes.
import { addressOf } from "../shared/addresses";
import { debounced, find, pageData } from "../shared/dom";
import { number, t } from "../shared/words";
import { drawGraph } from "../views/graph";

interface Drawing {
  nodes: { id: string; label: string; own: boolean }[];
  edges: { source: string; target: string; label: string; inferred: boolean }[];
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("œ", "oe").replaceAll("æ", "ae");
}

function makeFilter(): void {
  const form = find<HTMLFormElement>("#filter");
  const field = find<HTMLInputElement>("#filter-text");
  const said = find("#filter-said");
  const articles = [...document.querySelectorAll<HTMLElement>("section.terms article")];
  const texts = articles.map((article) => folded(article.textContent ?? ""));
  const entries = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>(".index a")].map((link) => [link.hash.slice(1), link]),
  );
  const filter = (): void => {
    const wanted = folded(field.value.trim());
    let shown = 0;
    for (const [at, article] of articles.entries()) {
      const fits = !wanted || Boolean(texts[at]?.includes(wanted));
      article.hidden = !fits;
      const entry = entries.get(article.id)?.parentElement;
      if (entry) entry.hidden = !fits;
      if (fits) shown += 1;
    }
    for (const section of document.querySelectorAll<HTMLElement>("section.terms")) {
      section.hidden = !section.querySelector("article:not([hidden])");
    }
    said.textContent = wanted ? t("{number} terms found", { number: number(shown) }) : "";
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  field.addEventListener("input", debounced(100, filter));
  // A link to a term that the filter hides shows it.
  window.addEventListener("hashchange", () => {
    if (document.getElementById(decodeURIComponent(location.hash.slice(1)))?.hidden) {
      field.value = "";
      filter();
      document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
    }
  });
}

function draw(): void {
  const place = document.getElementById("drawing");
  if (!place) return;
  const { nodes, edges } = pageData<Drawing>("drawing-data");
  const drawn = nodes.map(({ id, label, own }) => {
    const href = addressOf(id);
    return {
      id,
      label,
      kind: own ? t("Class of this ontology") : t("Class of another vocabulary"),
      ...(href ? { href } : {}),
    };
  });
  place.hidden = false;
  void drawGraph(place, drawn, edges);
}

if (document.getElementById("filter")) makeFilter();
draw();
