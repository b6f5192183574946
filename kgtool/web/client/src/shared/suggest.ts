// Suggestions of things while somebody types a name: a combobox with a list (WAI-ARIA Authoring Practices), beside the
// field's plain form. A search page goes to the thing; a form takes it.
import { addressOf } from "./addresses";
import { debounced, element } from "./dom";
import { getJson } from "./sparql";
import { t } from "./words";

export interface Suggestion {
  iri: string;
  label: string;
  description: string;
  types: { id: string; name: string }[];
}

export interface SuggestOptions {
  /** What happens with a chosen thing; without it, the page goes to the thing. */
  choose?: (chosen: Suggestion) => void;
  /** Classes, as IRIs or prefixed names, of which suggested things have to be one. */
  classes?: readonly string[];
  /** Suggestions to show. */
  limit?: number;
}

const wait = 120;
let made = 0;

/** Gives a field suggestions; the function that it returns takes them away again. */
export function suggest(input: HTMLInputElement, options: SuggestOptions = {}): () => void {
  made += 1;
  const id = `suggestions-${made}`;
  const list = element("ul", { id, role: "listbox", class: "suggestions", "aria-label": t("Suggestions") });
  const status = element("span", { class: "unseen", role: "status" });
  list.hidden = true;
  const parent = input.parentElement ?? document.body;
  parent.classList.add("with-suggestions");
  input.after(list, status);
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", id);
  input.autocomplete = "off";

  let found: Suggestion[] = [];
  let active = -1;
  let request: AbortController | undefined;

  const show = (open: boolean) => {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };

  const mark = (place: number) => {
    active = place;
    list.querySelectorAll("[role=option]").forEach((option, number) => {
      option.setAttribute("aria-selected", String(number === place));
      if (number === place) option.scrollIntoView({ block: "nearest" });
    });
    if (place < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", `${id}-${place}`);
  };

  const choose = (place: number) => {
    const chosen = found[place];
    if (!chosen) return;
    request?.abort();
    show(false);
    if (options.choose) {
      input.value = chosen.label;
      options.choose(chosen);
      return;
    }
    const address = addressOf(chosen.iri);
    if (address) location.assign(address);
  };

  const draw = () => {
    list.replaceChildren(
      ...found.map((each, place) => {
        const kinds = each.types.map((type) => type.name).join(", ");
        const rest = each.description.startsWith(kinds) ? each.description : [kinds, each.description].join(" · ");
        const option = element(
          "li",
          { id: `${id}-${place}`, role: "option", "aria-selected": "false" },
          element("span", { class: "label" }, each.label.slice(0, 200)),
          element("span", { class: "rest" }, rest.slice(0, 200)),
        );
        // The field keeps the focus, so that a press of the mouse does not close the list before the click.
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(place));
        return option;
      }),
    );
    show(found.length > 0);
  };

  const told = () => {
    if (!found.length) return t("No suggestion");
    return found.length === 1 ? t("1 suggestion") : t("{n} suggestions", { n: found.length });
  };

  const ask = async () => {
    request?.abort();
    const text = input.value.trim();
    if (text.length < 2) {
      found = [];
      draw();
      status.textContent = "";
      return;
    }
    request = new AbortController();
    const asked = new URLSearchParams({
      q: text,
      limit: String(options.limit ?? 8),
      lang: document.documentElement.lang,
    });
    for (const each of options.classes ?? []) asked.append("class", each);
    try {
      const answer = await getJson<{ results: Suggestion[] }>(`/search?${asked}`, { signal: request.signal });
      if (input.value.trim() !== text || document.activeElement !== input) return;
      found = answer.results;
      draw();
      status.textContent = told();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      found = [];
      draw(); // Without suggestions the form still searches.
    }
  };

  const later = debounced(wait, () => void ask());

  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const size = found.length + 1; // the place before the first is the field itself
      show(true);
      mark(((active + 1 + step + size) % size) - 1);
    } else if (event.key === "Enter" && open && active >= 0) {
      event.preventDefault();
      choose(active);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      show(false);
    }
  };
  const onBlur = () => show(false);

  input.addEventListener("input", later);
  input.addEventListener("keydown", onKey);
  input.addEventListener("blur", onBlur);
  return () => {
    request?.abort();
    input.removeEventListener("input", later);
    input.removeEventListener("keydown", onKey);
    input.removeEventListener("blur", onBlur);
    list.remove();
    status.remove();
  };
}
