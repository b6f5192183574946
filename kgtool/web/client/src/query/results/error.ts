// What went wrong, in the place of an answer.
import { element } from "../../shared/dom";
import { t } from "../../shared/words";
import { problemIn, type Results } from "../answer";

/** Makes the plugin of Yasr that shows errors. @param wasCancelled whether it was the reader who ended a query */
export function errorPlugin(wasCancelled: (results: Results) => boolean): unknown {
  return class {
    readonly priority = 20;
    readonly hideFromSelection = true;

    constructor(private readonly yasr: Results) {}

    canHandleResults(): boolean {
      return this.yasr.results?.hasError() ?? false;
    }

    getIcon(): undefined {
      return undefined;
    }

    draw(): void {
      this.yasr.pluginControls.replaceChildren();
      this.yasr.resultsEl.replaceChildren(
        wasCancelled(this.yasr)
          ? element("p", { class: "quiet nothing" }, t("The query was cancelled."))
          : said(this.yasr.results?.getError()?.text ?? ""),
      );
    }
  };
}

function said(text: string): HTMLElement {
  const problem = problemIn(text);
  if (!problem) {
    return element("p", { class: "problem" }, t("The service did not answer, or broke off its answer."));
  }
  const { line, column } = problem;
  const where =
    line === undefined
      ? undefined
      : column === undefined
        ? t("line {line}", { line })
        : t("line {line}, column {column}", { line, column });
  const lines = [[where, problem.detail].filter(Boolean).join(": "), problem.hint].filter(Boolean).join("\n");
  return element("p", { class: "problem", lang: "en" }, lines);
}
