// Checks a file with the graph before it goes in, adds it with the write token, removes sources. The token stays in its
// field and is kept nowhere.
import { queryAddress } from "../shared/addresses";
import { element, find } from "../shared/dom";
import { type CheckReport, drawReport, type Finding } from "../shared/report";
import { Problem, problemOf } from "../shared/sparql";
import { language, number, t } from "../shared/words";

const types: Readonly<Record<string, string>> = {
  turtle: "text/turtle",
  trig: "application/trig",
  ntriples: "application/n-triples",
  nquads: "application/n-quads",
  jsonld: "application/ld+json",
  rdfxml: "application/rdf+xml",
};
/** What a file's compression is called in HTTP; others have to be unpacked first. */
const codings: Readonly<Record<string, string>> = { gz: "gzip", gzip: "gzip", zst: "zstd", zstd: "zstd" };
const packed = ["xz", "bz2"];

const form = find<HTMLFormElement>("#upload");
const input = find<HTMLInputElement>("#file");
const drop = find("#drop");
const progress = find("#progress");
const place = find("#report");
const adding = document.querySelector<HTMLFormElement>("#adding");
let checked: { file: File; report: CheckReport } | undefined;
let dropped: File | undefined;
let request: AbortController | undefined;

const chosen = () => dropped ?? input.files?.[0];
const value = (id: string) => find<HTMLInputElement | HTMLSelectElement>(`#${id}`).value.trim();
const ending = (file: File) => file.name.toLowerCase().split(".").pop() ?? "";

function forget(): void {
  request?.abort();
  checked = undefined;
  place.replaceChildren();
  progress.textContent = "";
  if (adding) {
    adding.hidden = true;
    find("#added").textContent = "";
  }
}

function fail(error: unknown, where: HTMLElement): void {
  if (error instanceof DOMException && error.name === "AbortError") return;
  const text =
    error instanceof Problem && error.status === 0 ? error.detail : String((error as Error).message ?? error);
  where.replaceChildren(element("p", { class: "problem", role: "alert" }, text));
}

async function check(file: File): Promise<void> {
  forget();
  if (file.size > Number(form.dataset.max) * 2 ** 20) {
    fail(new Error(t("The file is larger than {n} MB.", { n: form.dataset.max ?? "" })), place);
    return;
  }
  request = new AbortController();
  progress.textContent = t("Checking {name}…", { name: file.name.slice(0, 80) });
  const asked = new URLSearchParams({ name: file.name, lang: language, replace: value("mode") });
  if (value("format")) asked.set("format", value("format"));
  if (value("graph")) asked.set("graph", value("graph"));
  try {
    const answer = await fetch(`/sources/check?${asked}`, {
      method: "POST",
      headers: { "Content-Type": "application/octet-stream", Accept: "application/json" },
      body: file,
      signal: request.signal,
    });
    if (!answer.ok) throw await problemOf(answer);
    const report = (await answer.json()) as CheckReport;
    checked = { file, report };
    place.replaceChildren(drawReport(report));
    if (adding && report.conforms) offer(report, file);
    progress.textContent = report.conforms ? t("It can be added.") : t("It cannot be added as it is.");
    place.focus();
  } catch (error) {
    progress.textContent = "";
    fail(error, place);
  }
}

function offer(report: CheckReport, file: File): void {
  const elsewhere = (report.graphs ?? []).filter((each) => each !== report.graph);
  let hindrance = "";
  if (elsewhere.length) {
    hindrance = t("The file names graphs of its own ({graphs}): add it with kgtool load.", {
      graphs: elsewhere.slice(0, 3).join(", "),
    });
  } else if (packed.includes(ending(file))) {
    hindrance = t("Unpack the file to add it here: this compression is not sent over HTTP.");
  }
  if (hindrance) place.append(element("p", { class: "quiet" }, hindrance));
  else find("#adding").hidden = false;
}

async function add(): Promise<void> {
  if (!checked) return;
  const { file, report } = checked;
  const said = find("#added");
  const button = find<HTMLButtonElement>("#add-button");
  button.disabled = true;
  said.textContent = t("Adding…");
  const coding = codings[ending(file)];
  try {
    const answer = await fetch(`/graphs?${new URLSearchParams({ graph: report.graph })}`, {
      method: value("mode") === "yes" ? "PUT" : "POST",
      headers: {
        Authorization: `Bearer ${value("token")}`,
        "Content-Type": types[report.format] ?? "application/octet-stream",
        ...(coding ? { "Content-Encoding": coding } : {}),
      },
      body: file,
    });
    if (!answer.ok) throw await problemOf(answer);
    const done = answer.status === 204 ? {} : ((await answer.json()) as { added?: number; inferred?: number });
    const query = `SELECT ?s ?p ?o WHERE {\n  GRAPH <${report.graph}> { ?s ?p ?o }\n}\nLIMIT 1000\n`;
    const added = done.added ?? report.added ?? 0;
    const text = t("Added: {n} triples are new, {m} follow from them.", {
      n: number(added),
      m: number(report.inferred ?? 0),
    });
    said.replaceChildren(
      element("strong", {}, `✓ ${text}`),
      " ",
      element("a", { href: queryAddress(query) }, t("See what the source says")),
      " ",
      element("a", { href: location.pathname + location.search }, t("Show the sources anew")),
    );
    checked = undefined; // what was added is not added twice
  } catch (error) {
    refused(error, said, report);
    button.disabled = false;
    return;
  }
}

/** Shows why the service refused a file; what validation found is shown as the check shows it. */
function refused(error: unknown, said: HTMLElement, report: CheckReport): void {
  fail(error, said);
  const found = error instanceof Problem ? (error.report as { findings?: RefusedFinding[] } | undefined) : undefined;
  if (!found?.findings) return;
  const findings = found.findings.map((each): Finding => {
    const message = each.message[language] ?? each.message.en ?? Object.values(each.message)[0] ?? "";
    const focus = each.focus?.type === "uri" ? each.focus.value : null;
    const term = each.value?.value ?? null;
    return {
      severity: each.severity,
      message,
      focus,
      label: null,
      path: each.path,
      value: term,
      line: null,
      lines: [],
    };
  });
  place.replaceChildren(drawReport({ ...report, conforms: false, findings }));
}

interface RefusedFinding {
  severity: Finding["severity"];
  message: Record<string, string>;
  focus: { type: string; value: string } | null;
  path: string | null;
  value: { value: string } | null;
}

function removals(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#removing");
  if (!dialog) return;
  const said = find("#removing-said");
  const remove = find<HTMLButtonElement>("#remove");
  let graph = "";
  for (const button of document.querySelectorAll<HTMLButtonElement>("button.unload")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      graph = button.closest<HTMLElement>("[data-graph]")?.dataset.graph ?? "";
      find("#removing-what").textContent = graph;
      said.textContent = "";
      remove.disabled = false;
      dialog.showModal();
    });
  }
  remove.addEventListener("click", async () => {
    remove.disabled = true;
    try {
      const answer = await fetch(`/graphs?${new URLSearchParams({ graph })}`, {
        method: "DELETE",
        headers: { Authorization: `Bearer ${value("removing-token")}` },
      });
      if (!answer.ok) throw await problemOf(answer);
      find<HTMLInputElement>("#removing-token").value = "";
      said.textContent = t("Removed.");
      for (const each of document.querySelectorAll<HTMLElement>("[data-graph]")) {
        if (each.dataset.graph === graph) each.remove();
      }
    } catch (error) {
      remove.disabled = false;
      fail(error, said);
    }
  });
}

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const file = chosen();
  if (file) void check(file);
  else fail(new Error(t("Choose a file first.")), place);
});
input.addEventListener("change", () => {
  dropped = undefined;
  forget();
});
for (const id of ["format", "graph", "mode"]) find(`#${id}`).addEventListener("change", forget);
adding?.addEventListener("submit", (event) => {
  event.preventDefault();
  void add();
});
for (const kind of ["dragenter", "dragover"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
}
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  dropped = file;
  void check(file);
});
removals();
