// A question: things are chosen by name, what is wrong is said beside the form, and the query is had as code.

import { tell } from "../query/dialogs";
import { pickThing } from "../query/picker";
import { writtenOut } from "../query/questions";
import { addSnippets } from "../query/snippets";
import { find } from "../shared/dom";

const form = find<HTMLFormElement>("#question");
const problem = find("#wrong");

for (const field of form.querySelectorAll<HTMLInputElement>("input.thing")) {
  pickThing(field, field.dataset.shown);
}

/** Sends the form only when its values are right: an error comes without leaving the page. */
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  tell(problem, "");
  // A field may be called "action", and would then hide the form's own property.
  const address = new URL(form.getAttribute("action") ?? "", location.origin);
  const values = new FormData(form);
  try {
    await writtenOut(decodeURIComponent(address.pathname.split("/").pop() ?? ""), values);
    for (const [key, value] of values) if (typeof value === "string" && value) address.searchParams.append(key, value);
    address.hash = "answer";
    if (address.href === location.href) location.reload();
    else location.assign(address);
  } catch (error) {
    tell(problem, error);
  }
});

const place = document.querySelector<HTMLElement>("#snippets");
if (place) {
  const query = find("#sparql").textContent ?? "";
  addSnippets(place, () => ({ query, reasoning: true }));
}
