// One value of an answer as an element of the page.
import { addressOf } from "../../shared/addresses";
import { element } from "../../shared/dom";
import type { Term } from "../../shared/sparql";
import { language, t } from "../../shared/words";
import { cut } from "../../views/text";
import { nameOf } from "../names";
import { short } from "../shortening";
import { datatypeName, numberOf } from "../terms";

/** Characters of a value that are shown at once. */
const MOST = 300;
/** Datatypes that go without saying. */
const PLAIN = new Set(
  ["string", "integer", "decimal", "date"].map((name) => `http://www.w3.org/2001/XMLSchema#${name}`),
);

/** Gives the cell of a value: a name with its IRI beside it, or a text with its language or datatype. */
export function cellOf(term: Term | undefined): HTMLTableCellElement {
  if (!term) return element("td");
  if (term.type === "uri") return element("td", {}, ...thing(term.value));
  if (term.type === "bnode") return element("td", {}, element("code", { class: "quiet" }, `_:${term.value}`));
  const tag = term["xml:lang"];
  const isNumber = numberOf(term) !== undefined;
  const cell = element("td", isNumber ? { class: "number" } : {}, long(term.value, tag));
  if (tag) cell.append(" ", element("small", { class: "tag" }, `@${tag}`));
  else if (term.datatype && !PLAIN.has(term.datatype)) {
    cell.append(" ", element("small", { class: "tag", title: term.datatype }, datatypeName(term.datatype)));
  }
  return cell;
}

/** Gives what filters and sorting see of a value: the name of a thing, with its IRI. */
export function plainText(term: Term | undefined): string {
  if (!term) return "";
  return term.type === "uri" ? `${nameOf(term.value)?.text ?? ""} ${term.value}`.trimStart() : term.value;
}

function thing(iri: string): (Node | string)[] {
  const name = nameOf(iri);
  const text = name && name.text !== iri ? cut(name.text, MOST) : cut(iri, MOST);
  const href = addressOf(iri);
  const spoken = name?.language && name.language !== language ? { lang: name.language } : {};
  const shown = href ? element("a", { href, ...spoken }, text) : element("span", spoken, text);
  // What the graph does not name goes by its short IRI: once is enough.
  if (text === iri || text === short(iri)) return [element("bdi", {}, shown)];
  return [element("bdi", {}, shown), " ", element("code", { class: "beside", title: iri }, short(iri))];
}

function long(text: string, tag: string | undefined): HTMLElement {
  const spoken = tag ? { lang: tag } : {};
  if (text.length <= MOST) return element("bdi", spoken, text);
  const whole = element("bdi", spoken, text.slice(0, MOST), "…");
  const more = element("button", { type: "button", class: "more" }, t("Show all"));
  more.addEventListener("click", () => {
    whole.textContent = text;
    more.remove();
  });
  return element("span", {}, whole, " ", more);
}
