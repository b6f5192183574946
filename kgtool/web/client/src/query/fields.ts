// The form of a question's parameters.
import { element } from "../shared/dom";
import { language, t } from "../shared/words";
import { pickThing } from "./picker";

export interface Parameter {
  name: string;
  type: string;
  allowed: string[] | null;
  default: string | null;
  required: boolean;
  example: string | null;
  description: Record<string, string>;
}

const kinds: Readonly<Record<string, string>> = { date: "date", year: "number", integer: "number" };

/** Makes the field of a parameter, with its label. */
export function fieldOf(parameter: Parameter): HTMLDivElement {
  const id = `asked-${parameter.name}`;
  const label = element("label", { for: id }, parameter.description[language] ?? parameter.name);
  if (parameter.required) label.append(" ", element("span", { class: "quiet" }, t("(required)")));
  else if (parameter.default === null) label.append(" ", element("span", { class: "quiet" }, t("(optional)")));
  const field = parameter.allowed ? choiceOf(parameter, parameter.allowed) : inputOf(parameter);
  field.id = id;
  field.name = parameter.name;
  field.required = parameter.required;
  const made = element("div", { class: "field" }, label, field);
  if (parameter.type === "iri" && field instanceof HTMLInputElement) pickThing(field);
  return made;
}

function choiceOf({ allowed, default: usual, required }: Parameter, values: readonly string[]): HTMLSelectElement {
  const select = element("select");
  if (allowed && usual === null) select.append(element("option", { value: "" }, required ? "" : t("(any)")));
  for (const value of values) select.append(element("option", { value, selected: value === usual }, value));
  return select;
}

function inputOf({ type, default: usual, example }: Parameter): HTMLInputElement {
  const isThing = type === "iri";
  const input = element("input", { type: kinds[type] ?? "text", autocomplete: "off" });
  input.placeholder = isThing ? t("Type a name") : (example ?? "");
  input.value = usual === "today" && type === "date" ? new Date().toLocaleDateString("sv-SE") : (usual ?? "");
  return input;
}
