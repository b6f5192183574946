// An answer as a chart: its reader chooses what stands along the axes.
import type { TopLevelSpec } from "vega-lite";
import { element } from "../../shared/dom";
import { number, t } from "../../shared/words";
import { drawChart } from "../../views/chart";
import { cutPlain } from "../../views/text";
import type { Answer } from "../answer";
import { askNames, irisOf, textOf } from "../names";
import { columnsWith, iriOf, numberOf, timeOf } from "../terms";
import { type Drawing, nothing, type ResultView } from "./view";

/** Rows that are drawn at most, and bars. */
const MOST = 2000;
const MOST_BARS = 60;
type Mark = "bar" | "line" | "point";

export const chartView: ResultView = {
  name: "chart",
  label: t("Chart"),
  async draw(place, answer) {
    const numbers = columnsWith(answer, numberOf);
    if (!numbers.length) return nothing(place, t("A chart needs a column of numbers."));
    await askNames(irisOf(answer));
    const across = answer.columns.find((column) => !numbers.includes(column)) ?? numbers[0] ?? "";
    const up = numbers.find((column) => column !== across) ?? across;
    const dated = columnsWith(answer, timeOf).includes(across);
    const mark = chooser(t("Kind"), marks(), dated ? "line" : numbers.includes(across) ? "point" : "bar");
    const along = chooser(t("Along"), answer.columns.map(same), across);
    const value = chooser(t("Value"), numbers.map(same), up);
    const canvas = element("div");
    const note = element("p", { class: "quiet" });
    const bar = element("p", { class: "controls no-print" }, mark.label, along.label, value.label);
    place.append(bar, canvas, note);
    let drawing: Drawing | undefined;
    const redraw = async (): Promise<void> => {
      const kind = mark.select.value as Mark;
      const most = kind === "bar" ? MOST_BARS : MOST;
      note.textContent =
        answer.rows.length > most
          ? t("The first {shown} of {all} rows are drawn.", { shown: number(most), all: number(answer.rows.length) })
          : "";
      drawing?.destroy();
      drawing = await drawChart(canvas, specOf(answer, kind, along.select.value, value.select.value, most));
    };
    bar.addEventListener("change", () => void redraw());
    await redraw();
    return { destroy: () => drawing?.destroy() };
  },
};

function marks(): [string, string][] {
  return [
    ["bar", t("Bars")],
    ["line", t("Line")],
    ["point", t("Points")],
  ];
}

function same(column: string): [string, string] {
  return [column, column];
}

function chooser(
  name: string,
  options: readonly (readonly [string, string])[],
  chosen: string,
): { label: HTMLLabelElement; select: HTMLSelectElement } {
  const made = options.map(([value, text]) => element("option", { value, selected: value === chosen }, text));
  const select = element("select", {}, ...made);
  return { label: element("label", {}, `${name} `, select), select };
}

function specOf(answer: Answer, mark: Mark, along: string, value: string, most: number): TopLevelSpec {
  const numeric = columnsWith(answer, numberOf).includes(along) && mark !== "bar";
  const dated = columnsWith(answer, timeOf).includes(along);
  const values = answer.rows.slice(0, most).flatMap((row) => {
    const [x, y] = [row[along], numberOf(row[value])];
    if (!x || y === undefined) return [];
    return [{ x: numeric ? numberOf(x) : iriOf(x) ? cutPlain(textOf(x.value)) : cutPlain(x.value), y }];
  });
  const labelled = mark === "bar" && !dated;
  const category = { field: "x", title: along, type: dated ? "temporal" : numeric ? "quantitative" : "nominal" };
  const height = { field: "y", title: value, type: "quantitative" };
  // Names of bars are read from left to right, so bars lie.
  const [x, y] = labelled ? [height, { ...category, sort: null }] : [{ ...category, sort: null }, height];
  return {
    description: t("{value} by {along}", { value, along }),
    data: { values },
    mark: { type: mark, tooltip: true, ...(mark === "line" ? { point: true } : {}) },
    encoding: { x, y },
    ...(labelled ? {} : { height: 320 }),
  } as TopLevelSpec;
}
