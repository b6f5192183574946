// A field for a thing of the graph: its name is seen, its IRI is sent. What nobody chose from the list is sent as typed.
import { element } from "../shared/dom";
import { suggest } from "../shared/suggest";

/** Lets a field suggest things. @param shown the name of the thing whose IRI the field holds, if it holds one. */
export function pickThing(field: HTMLInputElement, shown = ""): void {
  const sent = element("input", { type: "hidden", name: field.name });
  sent.value = field.value;
  field.removeAttribute("name");
  if (shown) field.value = shown;
  field.before(sent);
  field.addEventListener("input", () => {
    sent.value = field.value.trim();
  });
  suggest(field, {
    choose: (chosen) => {
      sent.value = chosen.iri;
    },
  });
}
