// An answer as a table: sorted, filtered, a page of rows at a time, however many there are.
import { debounced, element } from "../../shared/dom";
import { number, t } from "../../shared/words";
import type { Answer } from "../answer";
import { askNames, irisOf } from "../names";
import { cellOf } from "./cells";
import { Rows } from "./rows";
import type { Drawing, ResultView } from "./view";

/** Rows of a page: enough to look at, few enough to draw at once. */
const SIZES = [50, 100, 200];
const COLUMNS: Readonly<Record<string, string>> = {
  subject: t("subject"),
  predicate: t("predicate"),
  object: t("object"),
};

export const tableView: ResultView = {
  name: "table",
  label: t("Table"),
  draw(place, answer) {
    if (!answer.columns.length) {
      place.append(element("pre", {}, answer.text));
      return undefined;
    }
    if (!answer.rows.length) {
      place.append(element("p", { class: "quiet nothing" }, t("Nothing in the graph answers this query.")));
      return undefined;
    }
    return new Table(place, answer);
  },
};

class Table implements Drawing {
  private readonly rows: Rows;
  private readonly body = element("tbody");
  private readonly head = element("tr");
  private readonly said = element("span", { role: "status", class: "quiet" });
  private readonly pages = element("span", { class: "pages" });
  private readonly sizes = element("select");
  private from = 0;
  private isGone = false;

  constructor(
    place: HTMLElement,
    private readonly answer: Answer,
  ) {
    this.rows = new Rows(answer);
    const table = element("table", {}, element("thead", {}, this.head), this.body);
    const region = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("Answer") }, table);
    place.append(this.bar(), region);
    this.show();
    void askNames(irisOf(answer), () => this.namesCame());
  }

  destroy(): void {
    this.isGone = true;
  }

  private namesCame(): void {
    if (this.isGone) return;
    this.rows.namesCame();
    this.show();
  }

  private get size(): number {
    return Number(this.sizes.value);
  }

  private bar(): HTMLElement {
    const filter = element("input", { type: "search", "aria-label": t("Filter rows"), placeholder: t("Filter rows") });
    const keep = debounced(150, (text: string) => {
      this.rows.keep(text);
      this.from = 0;
      this.show();
    });
    filter.addEventListener("input", () => keep(filter.value));
    const copy = element("button", { type: "button" }, t("Copy"));
    copy.addEventListener("click", () => void this.copy());
    for (const size of SIZES) this.sizes.append(element("option", { value: size }, String(size)));
    this.sizes.setAttribute("aria-label", t("Rows on a page"));
    this.sizes.addEventListener("change", () => {
      this.from = 0;
      this.show();
    });
    return element("div", { class: "controls table-bar no-print" }, filter, copy, this.said, this.pages);
  }

  private show(): void {
    this.showHead();
    const rows = this.rows.page(this.from, this.size);
    this.body.replaceChildren(
      ...rows.map(([at, row]) =>
        element(
          "tr",
          {},
          element("td", { class: "number quiet" }, number(at)),
          ...this.answer.columns.map((column) => cellOf(row[column])),
        ),
      ),
    );
    const all = this.answer.rows.length;
    const left = this.rows.count;
    this.said.textContent = left === all ? "" : t("{shown} of {all} rows", { shown: number(left), all: number(all) });
    this.showPages();
  }

  private showHead(): void {
    const focused = this.head.contains(document.activeElement)
      ? document.activeElement?.closest("th")?.dataset.column
      : undefined;
    const sorted = this.rows.sorted;
    const heads = this.answer.columns.map((column) => {
      const isSorted = sorted?.column === column;
      const arrow = isSorted ? (sorted.descending ? " ▼" : " ▲") : "";
      const name = this.answer.kind === "triples" ? (COLUMNS[column] ?? column) : column;
      const button = element("button", { type: "button" }, name, element("span", { "aria-hidden": "true" }, arrow));
      button.title = t("Sort by {column}", { column: name });
      button.addEventListener("click", () => {
        this.rows.sort(column);
        this.from = 0;
        this.show();
      });
      const way = isSorted ? (sorted.descending ? "descending" : "ascending") : undefined;
      return element("th", { scope: "col", "aria-sort": way, "data-column": column }, button);
    });
    const corner = element(
      "th",
      { scope: "col", class: "number" },
      element("abbr", { title: t("Number of the row") }, "#"),
    );
    this.head.replaceChildren(corner, ...heads);
    if (focused)
      heads
        .find((head) => head.dataset.column === focused)
        ?.querySelector("button")
        ?.focus();
  }

  private showPages(): void {
    const count = this.rows.count;
    const last = Math.max(0, Math.ceil(count / this.size) - 1);
    const page = Math.floor(this.from / this.size);
    this.pages.hidden = this.answer.rows.length <= (SIZES[0] ?? 50);
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.to : undefined;
    const go = (sign: string, name: string, to: number, key: string): HTMLButtonElement => {
      const button = element("button", { type: "button", "aria-label": name, title: name, "data-to": key }, sign);
      // A button that cannot be used keeps the focus that it has.
      button.setAttribute("aria-disabled", String(to < 0 || to > last || to === page));
      button.addEventListener("click", () => {
        if (to < 0 || to > last || to === page) return;
        this.from = to * this.size;
        this.show();
      });
      return button;
    };
    const place = t("page {page} of {pages}", { page: number(page + 1), pages: number(last + 1) });
    this.pages.replaceChildren(
      go("«", t("First page"), 0, "first"),
      go("‹", t("Page before"), page - 1, "before"),
      element("span", { role: "status" }, place),
      go("›", t("Next page"), page + 1, "next"),
      go("»", t("Last page"), last, "last"),
      this.sizes,
    );
    if (focused) this.pages.querySelector<HTMLElement>(`[data-to="${focused}"]`)?.focus();
  }

  private async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.rows.copied());
      this.said.textContent = t("{number} rows copied", { number: number(this.rows.count) });
    } catch {
      this.said.textContent = t("The browser did not let the page copy.");
    }
  }
}
