// Intervals in time, their certain and possible parts drawn differently, as SVG.
import { element } from "../shared/dom";
import { language, t } from "../shared/words";
import type { Drawn } from "./graph";
import { cut } from "./text";

export interface Interval {
  label: string;
  href?: string;
  /** Days, YYYY-MM-DD; what is missing is unbounded. */
  possibleFrom?: string;
  possibleUntil?: string;
  /** Both or neither. */
  certainFrom?: string;
  certainUntil?: string;
}

const SVG = "http://www.w3.org/2000/svg";
/** Years that stand on the scale at most. */
const TICKS = 8;

/**
 * Draws one row for each interval, below a scale of years. Everything drawn is also said in words beside it.
 * @param day YYYY-MM-DD that a line marks
 */
export function drawTimeline(place: HTMLElement, intervals: readonly Interval[], day?: string): Drawn {
  const scale = scaleOf(intervals, day);
  const rows = element("ol", { class: "timeline-rows" });
  for (const each of intervals) rows.append(row(each, scale, day));
  const axis = element("div", { class: "timeline-axis", "aria-hidden": "true" }, element("span"), axisOf(scale));
  const frame = element("div", { class: "timeline" }, legend(), axis, rows);
  place.replaceChildren(frame);
  return { destroy: () => frame.remove() };
}

interface Scale {
  first: number;
  last: number;
}

/** Gives a day as years and a share of one: enough for a drawing, and right for the years before 1000 too. */
export function yearOf(day: string): number {
  const [, sign = "", year = "0", month = "1", date = "1"] = /^(-?)(\d+)(?:-(\d+))?(?:-(\d+))?/.exec(day) ?? [];
  const whole = Number(year) + (Number(month) - 1) / 12 + (Number(date) - 1) / 372;
  return sign ? -Number(year) + (Number(month) - 1) / 12 : whole;
}

function scaleOf(intervals: readonly Interval[], day: string | undefined): Scale {
  const years = intervals
    .flatMap((each) => [each.possibleFrom, each.possibleUntil, each.certainFrom, each.certainUntil])
    .concat(day)
    .filter((each) => each !== undefined)
    .map(yearOf);
  if (!years.length) years.push(new Date().getFullYear());
  const [first, last] = years.reduce(
    ([low, high], year) => [Math.min(low, year), Math.max(high, year)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const margin = Math.max(1, (last - first) * 0.04);
  return { first: first - margin, last: last + margin };
}

function share(day: string, scale: Scale): number {
  return ((yearOf(day) - scale.first) / (scale.last - scale.first)) * 100;
}

function shape(name: string, attributes: Record<string, string | number>, ...children: (Node | string)[]): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...children);
  return made;
}

function axisOf(scale: Scale): SVGElement {
  const years = scale.last - scale.first;
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
  const step = steps.find((each) => years / each <= TICKS) ?? 5000;
  const svg = shape("svg", { height: 22 });
  for (let year = Math.ceil(scale.first / step) * step; year <= scale.last; year += step) {
    const x = `${((year - scale.first) / years) * 100}%`;
    svg.append(shape("line", { x1: x, x2: x, y1: 16, y2: 22, class: "tick" }));
    svg.append(shape("text", { x, y: 12, "text-anchor": "middle" }, String(year)));
  }
  return svg;
}

function row(each: Interval, scale: Scale, day: string | undefined): HTMLLIElement {
  const name = cut(each.label, 120);
  const shown = each.href ? element("a", { href: each.href }, name) : name;
  const words = inWords(each);
  const label = element("span", { class: "label" }, element("bdi", {}, shown), element("small", {}, words));
  const svg = shape("svg", { height: 26, "aria-hidden": "true" }, shape("title", {}, words));
  const from = each.possibleFrom ? share(each.possibleFrom, scale) : 0;
  const until = each.possibleUntil ? share(each.possibleUntil, scale) : 100;
  svg.append(bar("possible", from, until, 7, 12));
  if (each.certainFrom && each.certainUntil) {
    svg.append(bar("certain", share(each.certainFrom, scale), share(each.certainUntil, scale), 4, 18));
  }
  // An open end is an arrow that leaves the drawing.
  if (!each.possibleFrom) svg.append(shape("text", { x: "0%", y: 18, class: "open" }, "◂"));
  if (!each.possibleUntil) svg.append(shape("text", { x: "100%", y: 18, "text-anchor": "end", class: "open" }, "▸"));
  if (day) {
    const x = `${share(day, scale)}%`;
    svg.append(shape("line", { x1: x, x2: x, y1: 0, y2: 26, class: "day" }));
  }
  return element("li", {}, label, svg);
}

function bar(kind: string, from: number, until: number, y: number, height: number): SVGElement {
  // What lasts a day is still seen.
  const width = `${Math.max(0.6, until - from)}%`;
  return shape("rect", { x: `${from}%`, width, y, height, rx: 3, class: kind });
}

const days = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "medium", timeZone: "UTC" });

/** Writes a day as the page's language does; days of the years before 1000 stay as they are. */
function said(day: string): string {
  const time = /^[1-9]\d{3}-\d\d-\d\d$/.test(day) ? Date.parse(day) : Number.NaN;
  return Number.isNaN(time) ? day : days.format(time);
}

/** Says an interval in words. */
export function inWords(each: Interval): string {
  const parts: string[] = [];
  const isExact = each.certainFrom === each.possibleFrom && each.certainUntil === each.possibleUntil;
  if (isExact && each.certainFrom && each.certainUntil) {
    return t("from {from} until {until}", { from: said(each.certainFrom), until: said(each.certainUntil) });
  }
  if (each.certainFrom && each.certainUntil) {
    parts.push(
      t("certain from {from} until {until}", { from: said(each.certainFrom), until: said(each.certainUntil) }),
    );
  }
  const from = each.possibleFrom && said(each.possibleFrom);
  const until = each.possibleUntil && said(each.possibleUntil);
  if (from && until) parts.push(t("possible from {from} until {until}", { from, until }));
  else if (from) parts.push(t("possible from {from} on", { from }));
  else if (until) parts.push(t("possible until {until}", { until }));
  else parts.push(t("possible at any time"));
  return parts.join("; ");
}

function legend(): HTMLUListElement {
  const sample = (kind: string): SVGElement =>
    shape("svg", { width: 28, height: 14, "aria-hidden": "true" }, bar(kind, 2, 96, 1, 12));
  const item = (kind: string, word: string): HTMLLIElement => element("li", {}, sample(kind), word);
  return element("ul", { class: "legend" }, item("certain", t("certain")), item("possible", t("possible")));
}
