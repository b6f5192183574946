// Sends decisions on links with the write token, which stays in its field: it is kept nowhere. So the next links come
// into the page, in the place of those that are decided on.
import { find } from "../shared/dom";
import { problemOf } from "../shared/sparql";
import { t } from "../shared/words";

const reviewer = document.querySelector<HTMLFormElement>("#reviewer");
const field = (id: string) => find<HTMLInputElement>(`#${id}`);
const cards = () => [...document.querySelectorAll<HTMLElement>("article.link")];

async function decide(form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const place = find("output", form);
  place.textContent = ""; // what was said of the last attempt is not said of this one
  const fields = {
    decision: button.value,
    by: field("by").value,
    why: find<HTMLInputElement>("input[name=why]", form).value,
  };
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { Authorization: `Bearer ${field("token").value}`, "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  });
  if (!answer.ok) {
    place.textContent = (await problemOf(answer)).message;
    return;
  }
  place.textContent = `✓ ${button.dataset.done}`;
  for (const each of form.querySelectorAll("button")) each.disabled = true;
  const card = form.closest<HTMLElement>("article");
  card?.classList.add("decided");
  count();
  if (cards().every((each) => each.classList.contains("decided"))) await next();
  else if (card?.contains(document.activeElement)) move(1);
}

function count(): void {
  const done = find<HTMLProgressElement>("#done");
  done.value += 1;
  const label = document.querySelector('label[for="done"]');
  if (label)
    label.textContent = t("Decided: {decided} of {everything} links", { decided: done.value, everything: done.max });
}

/** Brings what is left on this page's address: decided links are no longer among the open ones. */
async function next(): Promise<void> {
  if ((new URLSearchParams(location.search).get("status") ?? "open") !== "open") return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["queue", "progress"]) {
    const fresh = page.getElementById(id);
    if (fresh) find(`#${id}`).replaceWith(document.adoptNode(fresh));
  }
  listen();
  (cards()[0] ?? find("#queue")).focus();
}

/** Brings the focus to the card that is so many further on. */
function move(step: number): void {
  const all = cards();
  const at = all.findIndex((each) => each.contains(document.activeElement));
  let place = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
  while (step > 0 && all[place]?.classList.contains("decided")) place += 1;
  all[Math.min(Math.max(place, 0), all.length - 1)]?.focus();
}

function press(decision: string): void {
  const card = cards().find((each) => each.contains(document.activeElement));
  const button = card?.querySelector<HTMLButtonElement>(`form.review button[value=${decision}]`);
  const form = button?.closest("form");
  if (!button || !form || button.disabled) return;
  const why = find<HTMLInputElement>("input[name=why]", form);
  if (decision === "rejected" && !why.value.trim()) why.focus();
  else button.click();
}

const keys: Readonly<Record<string, () => void>> = {
  j: () => move(1),
  k: () => move(-1),
  a: () => press("accepted"),
  r: () => press("rejected"),
};

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !field("keys").checked) return;
  const target = event.target as HTMLElement;
  if (target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable]")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function listen(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form.review")) {
    form.hidden = false;
    // Enter in the field of the reason decides nothing: only a button says which decision is meant.
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const button of form.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        decide(form, button).catch((error) => {
          find("output", form).textContent = String(error);
        });
      });
    }
  }
}

if (reviewer) {
  reviewer.hidden = false;
  reviewer.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", onKey);
  listen();
}
