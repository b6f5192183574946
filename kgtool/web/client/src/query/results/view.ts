// Ways to see an answer, as plugins of Yasr.
import { Yasgui } from "@zazuko/yasgui";
import { element } from "../../shared/dom";
import { t } from "../../shared/words";
import { type Answer, answerOf, type Results } from "../answer";
import { downloads } from "./downloads";

export interface Drawing {
  destroy(): void;
}

/** One way to see an answer. */
export interface ResultView {
  /** As `view=` and Yasr call it. */
  name: string;
  label: string;
  /** Draws into an empty place, or says there why not. */
  draw(place: HTMLElement, answer: Answer): Promise<Drawing | undefined> | Drawing | undefined;
}

/** What was asked, for downloads. */
export interface Asked {
  query: string;
  reasoning: boolean;
}

/**
 * Registers the ways to see an answer in place of Yasr's own, in their order, the first being the default.
 * @param asked says what the results of a Yasr answer
 */
export function registerViews(views: readonly ResultView[], asked: (results: Results) => Asked): void {
  const { Yasr } = Yasgui;
  for (const name of ["boolean", "response"]) {
    delete Yasr.plugins[name];
    delete Yasr.defaults.plugins[name];
  }
  for (const view of views) Yasr.registerPlugin(view.name, pluginOf(view, asked) as never);
  Yasr.defaults.pluginOrder = views.map((view) => view.name);
  Yasr.defaults.defaultPlugin = views[0]?.name ?? "table";
  // The page itself says how many rows there are; Yasr counts them by copying each, in English.
  Object.assign(Yasr.prototype, { updateResponseInfo() {} });
}

/** Says in a place that an answer has nothing for this view. */
export function nothing(place: HTMLElement, text: string): undefined {
  place.append(element("p", { class: "quiet nothing" }, text));
  return undefined;
}

/** Says which of the buttons shows what is seen. */
function press(header: HTMLElement, name: string): void {
  for (const button of header.querySelectorAll(".yasr_btnGroup button")) {
    button.setAttribute("aria-pressed", String(button.classList.contains(`select_${name}`)));
  }
}

function pluginOf(view: ResultView, asked: (results: Results) => Asked): unknown {
  return class {
    readonly priority = 1;
    readonly label = view.label;
    private drawing: Drawing | undefined;
    private turn = 0;

    constructor(private readonly yasr: Results) {}

    canHandleResults(): boolean {
      return this.yasr.results !== undefined && !this.yasr.results.hasError();
    }

    getIcon(): undefined {
      return undefined;
    }

    async draw(): Promise<void> {
      const { results, resultsEl } = this.yasr;
      if (!results) return;
      this.destroy();
      const turn = this.turn;
      const answer = answerOf(results);
      const place = element("div", { class: `result result-${view.name}` });
      resultsEl.replaceChildren(place);
      this.yasr.pluginControls.replaceChildren(downloads(answer, asked(this.yasr)));
      press(this.yasr.headerEl, view.name);
      if (answer.kind === "boolean" && view.name !== "raw") {
        place.append(element("p", { class: "yes-no" }, answer.yes ? t("Yes") : t("No")));
        return;
      }
      try {
        const drawing = await view.draw(place, answer);
        // Somebody may have gone on to another view, or asked again, meanwhile.
        if (turn === this.turn) this.drawing = drawing;
        else drawing?.destroy();
      } catch (error) {
        place.replaceChildren(
          element("p", { class: "problem" }, t("This view failed: {reason}", { reason: String(error) })),
        );
      }
    }

    destroy(): void {
      this.turn++;
      this.drawing?.destroy();
      this.drawing = undefined;
    }
  };
}
