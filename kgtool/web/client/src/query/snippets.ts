// "As code": the query as a command or a script that sends it to this service.
import { element } from "../shared/dom";
import { t } from "../shared/words";
import { type Asked, asCurl, asPython, asR } from "./codes";
import { copyButton, openDialog } from "./dialogs";

const writers: readonly [name: string, write: (asked: Asked, endpoint: string) => string][] = [
  ["curl", asCurl],
  ["Python", asPython],
  ["R", asR],
];

/** Adds a button that shows the query as code. */
export function addSnippets(place: HTMLElement, current: () => Asked): void {
  const button = element("button", { type: "button", "aria-haspopup": "dialog" }, t("As code"));
  button.addEventListener("click", () => show(current()));
  place.append(button);
}

function show(asked: Asked): void {
  const endpoint = new URL("/sparql", location.origin).href;
  const tabs = element("div", { role: "tablist", "aria-label": t("Language"), class: "controls" });
  const code = element("code");
  const panel = element(
    "div",
    { role: "tabpanel", id: "snippet", "aria-labelledby": "snippet-tab-0" },
    element("pre", { tabindex: 0 }, code),
  );
  const buttons = writers.map(([name], place) =>
    element(
      "button",
      { type: "button", role: "tab", id: `snippet-tab-${place}`, "aria-controls": "snippet", "aria-selected": "false" },
      name,
    ),
  );
  const choose = (place: number, focus = false) => {
    const writer = writers[place];
    if (!writer) return;
    code.textContent = writer[1](asked, endpoint);
    panel.setAttribute("aria-labelledby", `snippet-tab-${place}`);
    buttons.forEach((button, number) => {
      button.setAttribute("aria-selected", String(number === place));
      button.tabIndex = number === place ? 0 : -1;
      if (focus && number === place) button.focus();
    });
  };
  buttons.forEach((button, place) => {
    button.addEventListener("click", () => choose(place));
    button.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (step) choose((place + step + buttons.length) % buttons.length, true);
    });
  });
  tabs.append(...buttons);
  choose(0);
  openDialog(
    t("The query as code"),
    tabs,
    panel,
    element(
      "p",
      {},
      copyButton(() => code.textContent ?? ""),
    ),
  );
}
