// Running and cancelling: what is under way in each tab, for how long, and what came of it.
import type { Yasgui } from "@zazuko/yasgui";
import { find } from "../shared/dom";
import { language, number, t } from "../shared/words";
import { answerOf, problemIn, type Results } from "./answer";
import { choicesOf, type Tab } from "./editor";
import type { Asked } from "./results/view";

interface State {
  started?: number;
  said: string;
}

type Listener = (tab: Tab) => void;

const seconds = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });

/** What runs, and what was asked for the results that are shown. */
export class Runner {
  private readonly states = new Map<string, State>();
  private readonly asked = new WeakMap<Results, Asked>();
  private readonly cancelled = new WeakSet<Results>();
  private readonly status = find("#status");
  private readonly clock = find("#clock");
  private readonly runButton = find("#run");
  private readonly cancelButton = find<HTMLButtonElement>("#cancel");
  private marks: { clear(): void }[] = [];

  constructor(
    private readonly yasgui: () => Yasgui,
    private readonly began: Listener,
  ) {
    this.cancelButton.addEventListener("click", () => this.cancel());
    setInterval(() => this.tick(), 100);
  }

  /** Follows the queries of the tabs, whoever begins them. */
  watch(yasgui: Yasgui): void {
    yasgui.on("query", (_, tab) => this.start(tab));
    yasgui.on("queryAbort", (_, tab) => this.cancelled.add(tab.getYasr()));
    // Yasgui tells of a response before it hands it on to what shows it.
    yasgui.on("queryResponse", (_, tab) => queueMicrotask(() => this.end(tab)));
    yasgui.on("tabSelect", () => queueMicrotask(() => this.show()));
    yasgui.on("tabClose", (_, tab) => this.states.delete(tab.getId()));
  }

  /** Runs the query of the tab that is shown, unless one runs there. */
  run(): void {
    const tab = this.yasgui().getTab();
    if (tab && !this.states.get(tab.getId())?.started) tab.query().catch(() => {});
  }

  /** Ends the query of the tab that is shown; the service notices, and ends its worker. */
  cancel(): void {
    this.yasgui().getTab()?.getYasqe().abortQuery();
  }

  /** Gives what the results of a tab answer. */
  askedOf(results: Results): Asked {
    const known = this.asked.get(results);
    if (known) return known;
    const tab = Object.values(this.yasgui()._tabs).find((each) => each.getYasr() === results);
    const query = tab?.getPersistedJson().yasqe.value ?? "";
    return { query, reasoning: tab ? choicesOf(tab).reasoning : true };
  }

  /** Tells whether it was the reader who ended the query of these results. */
  wasCancelled(results: Results): boolean {
    return this.cancelled.has(results);
  }

  private start(tab: Tab): void {
    const yasqe = tab.getYasqe();
    // A second query while one runs would leave the first without anybody who can cancel it.
    yasqe.config.queryingDisabled = t("A query runs.");
    this.cancelled.delete(tab.getYasr());
    this.asked.set(tab.getYasr(), { query: yasqe.getValue(), reasoning: choicesOf(tab).reasoning });
    this.states.set(tab.getId(), { started: performance.now(), said: t("Running…") });
    for (const mark of this.marks.splice(0)) mark.clear();
    this.began(tab);
    this.show();
  }

  private end(tab: Tab): void {
    const yasqe = tab.getYasqe();
    yasqe.config.queryingDisabled = undefined;
    const took = (performance.now() - (this.states.get(tab.getId())?.started ?? performance.now())) / 1000;
    this.states.set(tab.getId(), { said: this.outcome(tab, took) });
    this.show();
  }

  private outcome(tab: Tab, took: number): string {
    const { results } = tab.getYasr();
    const time = seconds.format(took);
    if (!results) return "";
    if (this.cancelled.has(tab.getYasr())) return t("Cancelled after {seconds} s", { seconds: time });
    if (results.hasError()) {
      this.mark(tab, results.getError()?.text ?? "");
      return t("No answer, after {seconds} s", { seconds: time });
    }
    const { kind, rows } = answerOf(results);
    const count = number(rows.length);
    if (kind === "boolean") return t("Answered in {seconds} s", { seconds: time });
    if (rows.length === 1) {
      return kind === "triples"
        ? t("1 triple in {seconds} s", { seconds: time })
        : t("1 row in {seconds} s", { seconds: time });
    }
    if (kind === "triples") return t("{count} triples in {seconds} s", { count, seconds: time });
    return t("{count} rows in {seconds} s", { count, seconds: time });
  }

  /** Marks the place that the service complains of. */
  private mark(tab: Tab, text: string): void {
    const problem = problemIn(text);
    if (problem?.status !== 400 || problem.line === undefined) return;
    const document = tab.getYasqe().getDoc();
    const line = Math.min(problem.line, document.lineCount()) - 1;
    document.addLineClass(line, "background", "wrong-line");
    this.marks.push({ clear: () => document.removeLineClass(line, "background", "wrong-line") });
    const from = Math.max(0, (problem.column ?? 1) - 1);
    const marked = document.markText({ line, ch: from }, { line, ch: from + 1 }, { className: "wrong-place" });
    this.marks.push(marked);
    document.setCursor({ line, ch: from });
  }

  private show(): void {
    const tab = this.yasgui().getTab();
    const state = tab && this.states.get(tab.getId());
    this.status.textContent = state?.said ?? "";
    this.cancelButton.disabled = !state?.started;
    this.runButton.classList.toggle("busy", Boolean(state?.started));
    this.tick();
  }

  private tick(): void {
    const tab = this.yasgui().getTab();
    const started = tab && this.states.get(tab.getId())?.started;
    this.clock.textContent = started ? `${((performance.now() - started) / 1000).toFixed(1)} s` : "";
  }
}
