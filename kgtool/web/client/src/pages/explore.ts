// The overview of the region: a slider that moves the whole page, a map and a graph.
import { addressOf } from "../shared/addresses";
import { debounced, find, pageData } from "../shared/dom";
import { number, t } from "../shared/words";
import { type Drawn, drawGraph } from "../views/graph";
import { type DrawnMap, drawMap } from "../views/map";

interface Drawings {
  places: { iri: string; label: string; latitude: number; longitude: number; kinds: [string, number][] }[];
  nodes: { iri: string; label: string; weight: number }[];
  edges: { source: string; target: string; units: number; projects: number }[];
}

const form = find<HTMLFormElement>("#moving");
const field = find<HTMLInputElement>("#date");
const slider = find<HTMLInputElement>("#year");
let drawn: (Drawn | DrawnMap)[] = [];
let asked: AbortController | undefined;
/** Whether drawings of an earlier day are still being made, to be thrown away. */
let round = 0;

function draw(): void {
  round += 1;
  const mine = round;
  for (const each of drawn) each.destroy();
  drawn = [];
  const data = pageData<Drawings>("drawings");
  const places = data.places.map((place) => ({
    id: place.iri,
    label: `${place.label}: ${place.kinds.map(([kind, count]) => `${kind} ${number(count)}`).join(", ")}`,
    latitude: place.latitude,
    longitude: place.longitude,
    count: place.kinds.reduce((sum, [, count]) => sum + count, 0),
    ...linked(place.iri),
  }));
  const nodes = data.nodes.map((node) => ({
    id: node.iri,
    label: node.label,
    weight: node.weight,
    kind: t("Institution"),
    ...linked(node.iri),
  }));
  const edges = data.edges.map((edge) => ({
    source: edge.source,
    target: edge.target,
    label: number(edge.units + edge.projects),
    weight: edge.units + edge.projects,
  }));
  const map = document.getElementById("map");
  const graph = document.getElementById("graph");
  // Only what comes into sight is drawn: the outlines of countries and the layout of a graph weigh more than the page.
  if (map && places.length) whenSeen(map, mine, () => drawMap(map, places));
  if (graph && nodes.length) whenSeen(graph, mine, () => drawGraph(graph, nodes, edges));
}

function whenSeen(place: HTMLElement, mine: number, make: () => Promise<Drawn | DrawnMap>): void {
  place.hidden = false;
  const watcher = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watcher.disconnect();
      if (mine !== round) return;
      make().then((made) => {
        if (mine === round) drawn.push(made);
        else made.destroy();
      });
    },
    { rootMargin: "200px" },
  );
  watcher.observe(place);
}

function linked(iri: string): { href?: string } {
  const href = addressOf(iri);
  return href === undefined ? {} : { href };
}

/** Moves the page to an address: the same page with another day, its content put in place of this one's. */
async function move(address: string): Promise<void> {
  asked?.abort();
  asked = new AbortController();
  const overview = find("#overview");
  overview.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: asked.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    replace(next, overview);
    history.replaceState(null, "", address);
    draw();
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") return;
    // The server says what is wrong better than this page could.
    location.assign(address);
  }
}

function replace(next: Document, overview: HTMLElement): void {
  const focused = document.activeElement?.id;
  const inside = overview.contains(document.activeElement);
  overview.replaceWith(document.adoptNode(find("#overview", next)));
  if (inside && focused) document.getElementById(focused)?.focus();
  for (const link of document.querySelectorAll<HTMLAnchorElement>("#moving a, header a.language")) {
    const other = link.id ? next.getElementById(link.id) : next.querySelector("header a.language");
    const href = other?.getAttribute("href");
    if (href) link.setAttribute("href", href);
  }
  const day = find<HTMLInputElement>("#date", next).value;
  field.value = day;
  slider.value = String(Number(day.slice(0, 4)));
  document.title = next.title;
  find("#announced").textContent = find("#summary").textContent;
}

function addressOn(day: string): string {
  const url = new URL(location.href);
  url.searchParams.set("date", day);
  return url.pathname + url.search;
}

/** Gives the same day in another year; 29 February becomes the 28th where there is none. */
function inYear(day: string, year: string): string {
  const moved = `${year.padStart(4, "0")}${day.slice(4)}`;
  return Number.isNaN(Date.parse(moved)) || (moved.endsWith("-02-29") && !isLeap(Number(year)))
    ? `${moved.slice(0, 8)}28`
    : moved;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

const soon = debounced(150, (address: string) => void move(address));
slider.closest<HTMLElement>(".slider")?.removeAttribute("hidden");
slider.addEventListener("input", () => {
  field.value = inYear(field.value, slider.value);
  slider.setAttribute("aria-valuetext", field.value);
  soon(addressOn(field.value));
});
field.addEventListener("change", () => {
  if (field.validity.valid && field.value) soon(addressOn(field.value));
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value) void move(addressOn(field.value));
});
form.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[id^='step-']") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  void move(link.pathname + link.search);
});
draw();
