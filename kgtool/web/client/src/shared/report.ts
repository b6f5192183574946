// The report of a check: what is wrong with a file, line by line, and what it would bring.
import { addressOf } from "./addresses";
import { element } from "./dom";
import { number, t } from "./words";

type Lines = [number, string][];

export interface Finding {
  severity: "violation" | "warning" | "info";
  message: string;
  focus: string | null;
  label: string | null;
  path: string | null;
  value: string | null;
  line: number | null;
  lines: Lines;
}

export interface CheckReport {
  name: string;
  format: string;
  graph: string;
  conforms: boolean;
  error: { message: string; hint: string | null; line: number | null; column: number | null; lines: Lines } | null;
  read?: number;
  graphs?: string[];
  added?: number;
  removed?: number;
  inferred?: number;
  no_longer_inferred?: number;
  violations?: number;
  warnings?: number;
  infos?: number;
  findings?: Finding[];
  more?: number;
}

/** Draws the report. */
export function drawReport(report: CheckReport): HTMLElement {
  const drawn = element("div", { class: `card report ${report.conforms ? "good" : "bad"}` });
  drawn.append(element("h3", {}, heading(report)));
  if (report.error) {
    drawn.append(parseError(report.error));
    return drawn;
  }
  drawn.append(summary(report));
  const kinds: [Finding["severity"], string][] = [
    ["violation", t("Violations: these keep the file out")],
    ["warning", t("Warnings: worth mending, and accepted")],
    ["info", t("Remarks")],
  ];
  for (const [severity, title] of kinds) {
    const found = (report.findings ?? []).filter((each) => each.severity === severity);
    if (!found.length) continue;
    drawn.append(element("h4", {}, title), element("ol", { class: "findings" }, ...found.map(finding)));
  }
  if (report.more) drawn.append(element("p", {}, t("And {n} more.", { n: number(report.more) })));
  return drawn;
}

function heading(report: CheckReport): string {
  const name = report.name.slice(0, 120);
  if (report.error) return t("{name} cannot be read", { name });
  if (!report.conforms) return t("{name} cannot be added as it is", { name });
  return report.warnings ? t("{name} can be added, with warnings", { name }) : t("{name} can be added", { name });
}

function parseError(error: NonNullable<CheckReport["error"]>): HTMLElement {
  const where =
    error.line === null
      ? ""
      : error.column === null
        ? t("Line {line}", { line: error.line })
        : t("Line {line}, column {column}", { line: error.line, column: error.column });
  return element(
    "div",
    {},
    element(
      "p",
      { class: "problem" },
      element("strong", {}, where),
      where ? ": " : "",
      element("span", { lang: "en" }, [error.message, error.hint].filter(Boolean).join("; ")),
    ),
    excerpt(error.lines, error.line),
  );
}

function summary(report: CheckReport): HTMLElement {
  const rows: [string, number | undefined][] = [
    [t("triples read"), report.read],
    [t("new to the graph"), report.added],
    [t("that would go"), report.removed],
    [t("that would follow from it"), report.inferred],
    [t("that would no longer follow"), report.no_longer_inferred],
    [t("violations"), report.violations],
    [t("warnings"), report.warnings],
  ];
  const always = new Set([0, 1, 3, 5, 6]);
  const list = element("dl", { class: "counts" });
  rows.forEach(([name, value], place) => {
    if (value === undefined || (!value && !always.has(place))) return;
    list.append(element("div", {}, element("dt", {}, name), element("dd", {}, number(value))));
  });
  return list;
}

function finding(each: Finding): HTMLElement {
  const item = element("li", {});
  const place = each.line === null ? t("Line not found") : t("Line {line}", { line: each.line });
  item.append(element("strong", { class: "line" }, place), " ", element("span", {}, each.message));
  if (each.focus) {
    const address = addressOf(each.focus);
    const label = each.label && each.label !== each.focus ? each.label : each.focus;
    const about = element("p", { class: "focus" }, t("About"), " ");
    about.append(address ? element("a", { href: address, title: each.focus }, label) : label);
    if (each.path) about.append(element("code", {}, ` ${each.path}`));
    item.append(about);
  }
  item.append(excerpt(each.lines, null));
  return item;
}

function excerpt(lines: Lines, marked: number | null): Node {
  if (!lines.length) return document.createDocumentFragment();
  const shown = element("pre", { class: "excerpt" });
  for (const [line, text] of lines) {
    const kind = line === marked ? "mark" : "span";
    shown.append(element(kind, {}, `${String(line).padStart(5)}  ${text}`), "\n");
  }
  return shown;
}
