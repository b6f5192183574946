// Charts by Vega-Lite, whose expressions are interpreted: the page's policy lets nothing be compiled to code.
import type { TopLevelSpec } from "vega-lite";
import { element } from "../shared/dom";
import { language, t } from "../shared/words";
import { colour, KINDS, onColoursChange } from "./colours";
import type { Drawn } from "./graph";

/**
 * Draws a chart as SVG in the colours of the page, as wide as its place.
 * @param spec what Vega-Lite takes, without colours; its `description` is read out
 */
export async function drawChart(place: HTMLElement, spec: TopLevelSpec): Promise<Drawn> {
  const [vega, { compile }, { expressionInterpreter }] = await Promise.all([
    import("vega"),
    import("vega-lite"),
    import("vega-interpreter"),
  ]);
  const canvas = element("div", { class: "drawing chart" });
  place.replaceChildren(canvas);
  let view: InstanceType<typeof vega.View> | undefined;
  const draw = async (): Promise<void> => {
    view?.finalize();
    const sized = { width: "container", autosize: { type: "fit-x", contains: "padding" }, ...spec } as TopLevelSpec;
    // What Vega-Lite has to say of a specification concerns whoever wrote it, not the reader's console.
    const quiet = vega.logger(vega.Error);
    const compiled = compile(sized, { config: configOf() as never, logger: quiet }).spec;
    view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
      renderer: "svg",
      container: canvas,
      expr: expressionInterpreter,
      hover: true,
      logLevel: vega.Error,
    });
    view.tooltip((_handler, event, _item, value) => tell(canvas, event, value));
    await view.runAsync();
    const drawn = canvas.querySelector("svg");
    drawn?.setAttribute("role", "img");
    drawn?.setAttribute("aria-label", spec.description ?? t("Chart"));
    // The picture has one name; its parts are in the table beside it.
    for (const part of drawn?.children ?? []) part.setAttribute("aria-hidden", "true");
  };
  await draw();
  let wide = canvas.clientWidth;
  const watched = new ResizeObserver(() => {
    if (canvas.clientWidth === wide) return;
    wide = canvas.clientWidth;
    view
      ?.width(Math.max(120, wide - 24))
      .resize()
      .run();
  });
  watched.observe(canvas);
  const stop = onColoursChange(() => void draw());
  return {
    destroy() {
      stop();
      watched.disconnect();
      view?.finalize();
      canvas.remove();
    },
  };
}

/** Shows what stands under the pointer as the browser does: as text, never as markup. */
function tell(canvas: HTMLElement, event: MouseEvent | undefined, value: unknown): void {
  const shown =
    value && typeof value === "object"
      ? Object.entries(value)
          .map(([name, each]) => `${name}: ${each}`)
          .join("\n")
      : String(value ?? "");
  canvas.title = event ? shown.slice(0, 500) : "";
}

function configOf(): object {
  const [text, quiet, line, accent] = ["--text", "--quiet", "--line", "--accent"].map(colour);
  const french = { decimal: ",", thousands: "\u202f", grouping: [3], currency: ["", "\u00a0€"], percent: "\u202f%" };
  return {
    background: "transparent",
    font: "system-ui, sans-serif",
    axis: {
      labelColor: quiet,
      titleColor: text,
      gridColor: line,
      domainColor: line,
      tickColor: line,
      labelLimit: 180,
      labelFontSize: 12,
      titleFontSize: 13,
    },
    axisQuantitative: { tickCount: 8 },
    legend: { labelColor: text, titleColor: text, labelLimit: 200 },
    title: { color: text },
    view: { stroke: "transparent" },
    mark: { color: accent },
    range: { category: Array.from({ length: KINDS }, (_, at) => colour(`--kind-${at}`)) },
    ...(language === "fr" ? { locale: { number: french } } : {}),
  };
}
