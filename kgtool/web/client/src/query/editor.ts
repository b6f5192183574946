// The editor: Yasgui with this service alone, its tabs, and what is mended about it from outside.
import { Yasgui } from "@zazuko/yasgui";
import { element, find } from "../shared/dom";
import { t } from "../shared/words";
import { registerCompleters } from "./completing";
import { registerPrefixes } from "./prefixes";

export type Tab = NonNullable<ReturnType<Yasgui["getTab"]>>;

/** What the page tells its editor. */
export interface Settings {
  /** What stands in a new tab. */
  first: string;
  /** Seconds that a query may take. */
  timeout: number;
  prefixes: Readonly<Record<string, string>>;
}

/** What was chosen for the queries of a tab, beside their text. */
export interface Choices {
  reasoning: boolean;
  timeout?: number;
}

/** Makes the editor with the tabs that the browser kept. */
export function makeEditor(place: HTMLElement, settings: Settings): Yasgui {
  const endpoint = `${location.origin}/sparql`;
  registerPrefixes(Yasgui.Yasqe, settings.prefixes);
  Yasgui.Yasqe.defaults.autocompleters = ["prefixes", "variables"];
  registerCompleters(Yasgui.Yasqe);
  Object.assign(Yasgui.Yasqe.defaults, { screenReaderLabel: t("SPARQL query"), editorHeight: "auto" });
  const elsewhere = element("div", { hidden: true });
  place.append(elsewhere);
  const yasgui = new Yasgui(place, {
    autofocus: false,
    tabName: t("Query"),
    persistenceId: "kgtool",
    populateFromUrl: false,
    copyEndpointOnNewTab: false,
    contextMenuContainer: elsewhere,
    endpointCatalogueOptions: { getData: () => [], keys: [] },
    requestConfig: {
      endpoint,
      method: "POST",
      acceptHeaderGraph: "application/n-triples",
      acceptHeaderSelect: "application/sparql-results+json",
      acceptHeaderUpdate: "application/json",
    },
    yasqe: {
      value: settings.first,
      showQueryButton: false,
      resizeable: false,
      viewportMargin: Number.POSITIVE_INFINITY,
    },
  } as never);
  for (const tab of Object.values(yasgui._tabs)) tab.setEndpoint(endpoint);
  addTabButtons(place, yasgui);
  mend(place);
  yasgui.on("tabSelect", () => mend(place));
  yasgui.on("tabAdd", () => queueMicrotask(() => mend(place)));
  return yasgui;
}

/** Gives what was chosen in a tab. */
export function choicesOf(tab: Tab): Choices {
  const given = tab.getRequestConfig().args;
  const read = (name: string): string | undefined =>
    Array.isArray(given) ? given.find((each) => each.name === name)?.value : undefined;
  const timeout = Number(read("timeout"));
  return { reasoning: read("reasoning") !== "off", ...(timeout > 0 ? { timeout } : {}) };
}

/** Keeps what was chosen in a tab: it goes along with each of its queries. */
export function choose(tab: Tab, choices: Choices): void {
  const args = [{ name: "reasoning", value: choices.reasoning ? "on" : "off" }];
  if (choices.timeout) args.push({ name: "timeout", value: String(choices.timeout) });
  tab.setRequestConfig({ args });
}

/** Where the browser keeps which tab holds a query that a link brought, and that nobody changed since. */
const BROUGHT = "kgtool-brought";

/**
 * Shows a query in a tab: in the one that has it already, else in the one that is shown if nobody wrote there, else in
 * a new one. Who follows many links does not gather as many tabs.
 */
export function openQuery(yasgui: Yasgui, query: string, settings: Settings): Tab {
  const tab = tabFor(yasgui, query, settings);
  localStorage.setItem(BROUGHT, JSON.stringify([tab.getId(), query]));
  return tab;
}

function tabFor(yasgui: Yasgui, query: string, settings: Settings): Tab {
  const current = yasgui.getTab();
  const written = current?.getPersistedJson().yasqe.value;
  const known = Object.values(yasgui._tabs).find((tab) => tab.getPersistedJson().yasqe.value.trim() === query.trim());
  if (known) {
    yasgui.selectTabId(known.getId());
    return known;
  }
  const isBrought = localStorage.getItem(BROUGHT) === JSON.stringify([current?.getId(), written]);
  if (current && (isBrought || (written === settings.first && !current.hasResults()))) {
    current.setQuery(query);
    return current;
  }
  return yasgui.addTab(true, { yasqe: { value: query } as never });
}

/** Buttons for what Yasgui's tabs do by a menu of their own, in the language of the page and for every keyboard. */
function addTabButtons(place: HTMLElement, yasgui: Yasgui): void {
  const made = (name: string, act: () => void): HTMLButtonElement => {
    const button = element("button", { type: "button" }, name);
    button.addEventListener("click", act);
    return button;
  };
  const rename = (): void => {
    const tab = yasgui.getTab();
    const name = tab && window.prompt(t("Name of the tab"), tab.getName());
    if (name) tab.setName(name.slice(0, 60));
  };
  const close = (): void => {
    const tab = yasgui.getTab();
    if (!tab) return;
    if (Object.keys(yasgui._tabs).length === 1) yasgui.addTab(true);
    tab.close();
    mend(place);
  };
  const bar = element(
    "div",
    { class: "tab-buttons no-print" },
    made(t("New tab"), () => yasgui.addTab(true).getYasqe().focus()),
    made(t("Rename"), rename),
    made(t("Close tab"), close),
  );
  find(".yasgui", place).prepend(bar);
  // Yasgui's own menu speaks English, and offers what this page does elsewhere.
  find(".tabsList", place).addEventListener(
    "contextmenu",
    (event) => {
      event.preventDefault();
      event.stopPropagation();
    },
    true,
  );
}

/** Gives names to what Yasgui leaves without one, and takes away what is no part of a list of tabs. */
function mend(place: HTMLElement): void {
  find(".tabsList", place).setAttribute("aria-label", t("Queries"));
  for (const button of place.querySelectorAll<HTMLElement>(".tabsList .addTab")) {
    const around = button.parentElement;
    if (around) around.hidden = true;
  }
  for (const field of place.querySelectorAll(".tab input")) field.setAttribute("aria-label", t("Name of the tab"));
  for (const close of place.querySelectorAll<HTMLElement>(".closeTab")) close.title = t("Close tab");
  for (const button of place.querySelectorAll(".yasr_btn")) button.removeAttribute("aria-label");
}
