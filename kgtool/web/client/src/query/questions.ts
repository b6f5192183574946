// The questions with a name, as a way into the editor: choose one, fill in its form, and its query is written out.
import { inLanguage } from "../shared/addresses";
import { element } from "../shared/dom";
import { holds } from "../shared/folding";
import { getJson, problemOf } from "../shared/sparql";
import { language, t } from "../shared/words";
import { problemPlace, tell } from "./dialogs";
import { fieldOf, type Parameter } from "./fields";

interface Question {
  name: string;
  title: Record<string, string>;
  description: Record<string, string>;
  parameters: Parameter[];
}

type Put = (query: string, run: boolean) => void;

/** Adds the list of questions; what somebody fills in is put into the editor as a query. */
export function addQuestions(place: HTMLElement, put: Put): void {
  const inside = element("div", { class: "questions-inside" });
  const details = element(
    "details",
    { class: "questions" },
    element("summary", {}, t("Start from a question")),
    inside,
  );
  let asked = false;
  details.addEventListener("toggle", () => {
    if (!details.open || asked) return;
    asked = true;
    void fill(inside, (query, run) => {
      details.open = false;
      put(query, run);
    }).catch((error: unknown) => {
      asked = false;
      const problem = problemPlace();
      inside.replaceChildren(problem);
      tell(problem, error);
    });
  });
  place.append(details);
}

async function fill(inside: HTMLElement, put: Put): Promise<void> {
  const { questions } = await getJson<{ questions: Question[] }>(inLanguage("/ask"));
  if (!questions.length) {
    inside.replaceChildren(element("p", {}, t("This graph has no questions of its own.")));
    return;
  }
  const sought = element("input", { type: "search", id: "sought-question", autocomplete: "off" });
  const list = element("ul", { class: "choices" });
  const none = element("p", { role: "status" });
  const all = element(
    "div",
    {},
    element("p", { class: "controls" }, element("label", { for: "sought-question" }, t("Find a question")), sought),
    none,
    list,
  );
  const draw = () => {
    const found = questions.filter((each) => holds(textsOf(each), sought.value));
    none.textContent = found.length ? "" : t("No question has these words.");
    list.replaceChildren(
      ...found.map((each) => {
        const button = element("button", { type: "button" }, titleOf(each));
        button.addEventListener("click", () => {
          const form = formOf(each, put, () => {
            inside.replaceChildren(all);
            sought.focus();
          });
          inside.replaceChildren(form);
          (form.querySelector<HTMLElement>(".field input:not([type=hidden]), .field select") ?? form).focus();
        });
        return element("li", {}, button);
      }),
    );
  };
  sought.addEventListener("input", draw);
  draw();
  inside.replaceChildren(all);
}

function formOf(question: Question, put: Put, back: () => void): HTMLFormElement {
  const title = element("h2", { id: "asked-title" }, titleOf(question));
  const problem = problemPlace();
  const run = element("button", { type: "submit", class: "first", value: "run" }, t("Put into the editor and run"));
  const only = element("button", { type: "submit", value: "put" }, t("Put into the editor"));
  const others = element("button", { type: "button" }, t("Other questions"));
  const form = element(
    "form",
    { class: "card parameters", "aria-labelledby": "asked-title", tabindex: -1 },
    title,
    element("p", { class: "about" }, question.description[language]),
    ...question.parameters.map(fieldOf),
    problem,
    element("p", { class: "controls" }, run, only, others),
  );
  others.addEventListener("click", back);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    tell(problem, "");
    try {
      const text = await writtenOut(question.name, new FormData(form));
      put(text, event.submitter !== only);
    } catch (error) {
      tell(problem, error);
    }
  });
  return form;
}

/** Asks the service for the query of a question with values in it. @throws Problem */
export async function writtenOut(name: string, values: FormData): Promise<string> {
  const asked = new URLSearchParams({ format: "sparql" });
  for (const [key, value] of values) {
    if (typeof value === "string" && value && key !== "lang" && key !== "format") asked.append(key, value);
  }
  const answer = await fetch(`/ask/${encodeURIComponent(name)}?${asked}`);
  if (!answer.ok) throw await problemOf(answer);
  return answer.text();
}

function titleOf(question: Question): string {
  return question.title[language] ?? question.name;
}

function textsOf({ name, title, description }: Question): string {
  return [name, ...Object.values(title), ...Object.values(description)].join(" ");
}
