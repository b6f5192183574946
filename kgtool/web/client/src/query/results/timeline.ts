// An answer in time: columns that hold days, months or years as intervals.
import { addressOf } from "../../shared/addresses";
import { element } from "../../shared/dom";
import type { Binding } from "../../shared/sparql";
import { number, t } from "../../shared/words";
import { drawTimeline, type Interval } from "../../views/timeline";
import type { Answer } from "../answer";
import { askNames, irisOf, textOf } from "../names";
import { columnsWith, dayOf, iriOf, timeOf } from "../terms";
import { nothing, type ResultView } from "./view";

/** Rows that are drawn at most. */
const MOST = 200;
const NAMED = {
  certainFrom: /^certain_?(?:from|start)$/i,
  certainUntil: /^certain_?(?:until|to|end)$/i,
  possibleFrom: /^possible_?(?:from|start)$/i,
  possibleUntil: /^possible_?(?:until|to|end)$/i,
  from: /^(?:from|start(?:_?date)?|begin|début|debut|depuis)$/i,
  until: /^(?:until|to|end(?:_?date)?|fin|jusque)$/i,
} as const;
type Role = keyof typeof NAMED;

export const timelineView: ResultView = {
  name: "timeline",
  label: t("Timeline"),
  async draw(place, answer) {
    const dated = columnsWith(answer, timeOf);
    const columns = rolesOf(answer, dated);
    if (!columns) return nothing(place, t("A timeline needs a column of dates, months or years."));
    await askNames(irisOf(answer));
    const found = answer.rows.flatMap((row) => intervalOf(row, answer, columns) ?? []);
    found.sort((one, other) => startOf(one).localeCompare(startOf(other)));
    if (!found.length) return nothing(place, t("No row of the answer has a date."));
    const drawing = drawTimeline(place, found.slice(0, MOST));
    if (found.length > MOST) {
      const counts = { shown: number(MOST), all: number(found.length) };
      place.append(element("p", { class: "quiet" }, t("{shown} of {all} rows are drawn; the table has all.", counts)));
    }
    const undated = answer.rows.length - found.length;
    if (undated) {
      place.append(element("p", { class: "quiet" }, t("Rows without a date: {number}.", { number: number(undated) })));
    }
    return drawing;
  },
};

type Columns = Readonly<Partial<Record<Role, string>>>;

function rolesOf(answer: Answer, dated: readonly string[]): Columns | undefined {
  if (!dated.length) return undefined;
  const columns: Partial<Record<Role, string>> = {};
  for (const [role, name] of Object.entries(NAMED)) {
    // A column of ends may be empty throughout: nothing has ended yet.
    const found = answer.columns.find((column) => name.test(column));
    if (found) columns[role as Role] = found;
  }
  if (Object.values(columns).some((column) => dated.includes(column))) return columns;
  const [from, until] = dated;
  return { ...(from ? { from } : {}), until: until ?? from ?? "" };
}

function intervalOf(row: Binding, answer: Answer, columns: Columns): Interval | undefined {
  const at = (role: Role, end: "first" | "last"): string | undefined => dayOf(row[columns[role] ?? ""], end);
  const [certainFrom, certainUntil] = [at("certainFrom", "last"), at("certainUntil", "first")];
  const possibleFrom = at("possibleFrom", "first") ?? at("from", "first");
  const possibleUntil = at("possibleUntil", "last") ?? at("until", "last");
  if (!certainFrom && !possibleFrom && !possibleUntil) return undefined;
  const used = new Set(Object.values(columns));
  const others = answer.columns.filter((column) => !used.has(column) && row[column]);
  const label = others
    .slice(0, 4)
    .map((column) => (iriOf(row[column]) ? textOf(row[column]?.value ?? "") : row[column]?.value))
    .join(" · ");
  const thing = others.map((column) => iriOf(row[column])).find((iri) => iri !== undefined);
  const href = thing ? addressOf(thing) : undefined;
  return {
    label: label || t("without a name"),
    ...(href ? { href } : {}),
    ...(possibleFrom ? { possibleFrom } : {}),
    ...(possibleUntil ? { possibleUntil } : {}),
    ...certainPart(row, columns, certainFrom, certainUntil, at),
  };
}

/** Gives the certain part: as its columns say it, else between two ends that are given, unless the row says otherwise. */
function certainPart(
  row: Binding,
  columns: Columns,
  from: string | undefined,
  until: string | undefined,
  at: (role: Role, end: "first" | "last") => string | undefined,
): Pick<Interval, "certainFrom" | "certainUntil"> {
  if (from && until) return from <= until ? { certainFrom: from, certainUntil: until } : {};
  if (columns.certainFrom || columns.possibleFrom || row.mode?.value === "possible") return {};
  const [start, end] = [at("from", "last"), at("until", "first")];
  return start && end && start <= end ? { certainFrom: start, certainUntil: end } : {};
}

function startOf(interval: Interval): string {
  return interval.possibleFrom ?? interval.certainFrom ?? "";
}
