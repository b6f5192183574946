// The page of queries: the editor, what runs, and the ways to see an answer.
import { Yasgui } from "@zazuko/yasgui";
import { type Choices, choicesOf, choose, makeEditor, openQuery, type Settings, type Tab } from "../query/editor";
import { addQuestions } from "../query/questions";
import { chartView } from "../query/results/chart";
import { errorPlugin } from "../query/results/error";
import { graphView } from "../query/results/graph";
import { mapView } from "../query/results/map";
import { rawView } from "../query/results/raw";
import { tableView } from "../query/results/table";
import { timelineView } from "../query/results/timeline";
import { registerViews } from "../query/results/view";
import { Runner } from "../query/running";
import { addSharing } from "../query/sharing";
import { addSnippets } from "../query/snippets";
import { find, pageData } from "../shared/dom";

/** Characters of a query that an address holds. */
const LONGEST = 4000;
const views = [tableView, graphView, mapView, chartView, timelineView, rawView];
const settings = pageData<Settings>("query-settings");
const place = find("#editor");
const actions = find("#actions");
const reasoning = find<HTMLInputElement>("#with-reasoning");
const timeout = find<HTMLInputElement>("#timeout");

const runner = new Runner(() => yasgui, keepInAddress);
registerViews(views, (results) => runner.askedOf(results));
Yasgui.Yasr.registerPlugin("error", errorPlugin((results) => runner.wasCancelled(results)) as never);
find("#plain").remove();
place.hidden = false;
const yasgui = makeEditor(place, settings);
runner.watch(yasgui);

function current(): Tab {
  return yasgui.getTab() ?? yasgui.addTab(true);
}

function chosen(): Choices {
  const seconds = Number(timeout.value);
  return { reasoning: reasoning.checked, ...(seconds > 0 ? { timeout: seconds } : {}) };
}

/** Puts the actions between the editor and the results of the tab that is shown. */
function settle(): void {
  const tab = current();
  const panel = document.getElementById(tab.getId());
  panel?.querySelector(".editorwrapper")?.after(actions);
  actions.hidden = false;
  const choices = choicesOf(tab);
  reasoning.checked = choices.reasoning;
  timeout.value = choices.timeout ? String(choices.timeout) : "";
  follow(tab);
}

const followed = new WeakSet<object>();

/** Keeps the view that somebody chooses in the address. */
function follow(tab: Tab): void {
  const results = tab.getYasr();
  if (followed.has(results)) return;
  followed.add(results);
  results.on("change", () => {
    if (new URLSearchParams(location.search).has("query")) keepInAddress(tab);
  });
}

/** Puts into the address what leads to the same query, choices and view. */
function keepInAddress(tab: Tab): void {
  const fields = new URLSearchParams();
  const lang = new URLSearchParams(location.search).get("lang");
  const query = tab.getYasqe().getValue();
  const choices = choicesOf(tab);
  const view = tab.getYasr().getSelectedPluginName();
  if (query.length <= LONGEST) {
    fields.set("query", query);
    // An update is never carried out because somebody opens an address.
    if (tab.getYasqe().getQueryMode() === "query") fields.set("run", "1");
    if (!choices.reasoning) fields.set("reasoning", "off");
    if (choices.timeout) fields.set("timeout", String(choices.timeout));
    if (view !== "table") fields.set("view", view);
  }
  const other = document.querySelector<HTMLAnchorElement>("header .language");
  if (other) {
    const there = new URLSearchParams(fields);
    there.set("lang", other.hreflang);
    other.href = `?${there}`;
  }
  if (lang) fields.set("lang", lang);
  const search = fields.toString();
  history.replaceState(null, "", search ? `?${search}` : location.pathname);
}

/** Does what the address asks for. */
function obeyAddress(): void {
  const asked = new URLSearchParams(location.search);
  const query = asked.get("query");
  if (query === null) return;
  const tab = openQuery(yasgui, query, settings);
  const seconds = Math.min(Number(asked.get("timeout")), settings.timeout);
  choose(tab, { reasoning: asked.get("reasoning") !== "off", ...(seconds > 0 ? { timeout: seconds } : {}) });
  tab.getYasr().selectPlugin(views.find((each) => each.name === asked.get("view"))?.name ?? tableView.name);
  if (asked.get("run") === "1" && tab.getYasqe().getQueryMode() === "query") runner.run();
}

for (const field of [reasoning, timeout]) field.addEventListener("change", () => choose(current(), chosen()));
find("#run-form").addEventListener("submit", (event) => {
  event.preventDefault();
  choose(current(), chosen());
  runner.run();
});
yasgui.on("tabSelect", () => queueMicrotask(settle));
yasgui.on("tabAdd", () => queueMicrotask(settle));
obeyAddress();
settle();

addSharing(find("#sharing"), () => ({
  query: current().getYasqe().getValue(),
  reasoning: reasoning.checked,
  view: current().getYasr().getSelectedPluginName(),
}));
addSnippets(find("#snippets"), () => ({ query: current().getYasqe().getValue(), ...chosen() }));
addQuestions(find("#questions"), (query, run) => {
  openQuery(yasgui, query, settings);
  settle();
  if (run) runner.run();
});
