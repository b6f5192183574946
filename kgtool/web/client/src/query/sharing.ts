// Queries that are shared by a short address, and those that this browser keeps.
import { inLanguage } from "../shared/addresses";
import { element } from "../shared/dom";
import { getJson } from "../shared/sparql";
import { number, t } from "../shared/words";
import { copyButton, openDialog, problemPlace, tell } from "./dialogs";
import { remove, type Saved, save, savedQueries } from "./saved";

interface Current {
  query: string;
  reasoning: boolean;
  view?: string;
}

/** Adds the buttons that share the query and that show the saved ones. */
export function addSharing(place: HTMLElement, current: () => Current): void {
  const share = element("button", { type: "button", "aria-haspopup": "dialog" }, t("Share"));
  const saved = element("button", { type: "button", "aria-haspopup": "dialog" });
  const count = () => {
    const size = savedQueries().length;
    saved.textContent = size ? t("Saved queries ({n})", { n: number(size) }) : t("Saved queries");
  };
  share.addEventListener("click", () => void showAddress(current()));
  saved.addEventListener("click", () => showSaved(current(), count));
  count();
  place.append(share, saved);
}

async function showAddress({ query, reasoning, view }: Current): Promise<void> {
  const problem = problemPlace();
  const address = element("input", { type: "text", id: "shared-address", readonly: true, class: "address" });
  const label = element("label", { for: "shared-address" }, t("Short address"));
  const copy = copyButton(() => address.value);
  const row = element("p", { class: "controls" }, label, address, copy);
  row.hidden = true;
  const about = t("It opens this very query, for everybody who can reach this service.");
  openDialog(t("Share this query"), row, element("p", { class: "quiet" }, about), problem);
  try {
    const answer = await getJson<{ address: string }>("/q", {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json" },
      body: JSON.stringify({ query, reasoning, view: view ?? "" }),
    });
    address.value = answer.address;
    row.hidden = false;
    address.focus();
    address.select();
  } catch (error) {
    tell(problem, error);
  }
}

function showSaved({ query, reasoning, view }: Current, changed: () => void): void {
  const name = element("input", {
    type: "text",
    id: "saved-name",
    required: true,
    maxlength: 120,
    autocomplete: "off",
  });
  const problem = problemPlace();
  const form = element(
    "form",
    { class: "controls" },
    element("label", { for: "saved-name" }, t("Save the query as")),
    name,
    element("button", { type: "submit", class: "first" }, t("Save")),
  );
  const list = element("ul", { class: "saved" });
  const none = element("p", { class: "quiet" }, t("Nothing is saved yet."));
  const draw = () => {
    const queries = savedQueries();
    list.replaceChildren(...queries.map((each) => itemOf(each, redraw)));
    none.hidden = queries.length > 0;
  };
  const redraw = () => {
    draw();
    changed();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const kept = save({ name: name.value.trim(), query, reasoning, ...(view ? { view } : {}) });
    tell(problem, kept ? "" : t("This browser keeps nothing for this page."));
    if (kept) name.value = "";
    redraw();
  });
  const about = t("Saved queries stay in this browser; nobody else sees them.");
  draw();
  openDialog(t("Saved queries"), form, problem, element("p", { class: "quiet" }, about), none, list);
  name.focus();
}

function itemOf(saved: Saved, changed: () => void): HTMLLIElement {
  const link = element("a", { href: addressOfSaved(saved) }, saved.name);
  const button = element(
    "button",
    { type: "button", "aria-label": t("Delete {name}", { name: saved.name }) },
    t("Delete"),
  );
  button.addEventListener("click", () => {
    const next = item.nextElementSibling ?? item.previousElementSibling;
    remove(saved.name);
    const place = [...(item.parentElement?.children ?? [])].indexOf(next ?? item);
    const dialog = item.closest("dialog");
    changed();
    const left = dialog?.querySelectorAll<HTMLButtonElement>(".saved button");
    (left?.[Math.min(Math.max(place, 0), left.length - 1)] ?? dialog?.querySelector("input"))?.focus();
  });
  const item = element("li", {}, link, button);
  return item;
}

function addressOfSaved({ query, reasoning, view }: Saved): string {
  const more = { ...(reasoning ? {} : { reasoning: "off" }), ...(view ? { view } : {}) };
  return inLanguage(`/query?${new URLSearchParams({ query, ...more })}`);
}
