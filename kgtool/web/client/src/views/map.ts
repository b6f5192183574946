// Places on a map, drawn by Leaflet on outlines of countries that come with the page: no tiles from outside.
import type { CircleMarker, LayerGroup, Map as LeafletMap } from "leaflet";
import type { Topology } from "topojson-specification";
import { element } from "../shared/dom";
import { number, t } from "../shared/words";
import { colour, numbered, onColoursChange } from "./colours";
import { legend } from "./graph_frame";
import { cut } from "./text";
import { zoomWhileChosen } from "./zooming";

export interface Place {
  id: string;
  label: string;
  latitude: number;
  longitude: number;
  /** How many things are there, for the size of its circle. */
  count?: number;
  href?: string;
  kind?: string;
}

export interface DrawnMap {
  update(places: readonly Place[]): void;
  destroy(): void;
}

/** Circles up to which each has its name beside it: the map itself names nothing. */
const NAMED_CIRCLES = 8;
/** Names that a popup lists. */
const NAMED = 12;
/** Circles that the tab key stops at; of more, the list beside the map is the way. */
const STOPS = 100;

/** Draws places; those at one point share a circle. A click, or Enter, lists their names with links. */
export async function drawMap(place: HTMLElement, places: readonly Place[]): Promise<DrawnMap> {
  const [{ default: L }, { feature }, { default: atlas }] = await Promise.all([
    import("leaflet"),
    import("topojson-client"),
    import("world-atlas/countries-50m.json"),
  ]);
  const topology = atlas as unknown as Topology;
  const canvas = element("div", { class: "drawing map", role: "region", "aria-label": t("Map") });
  const kindsPlace = element("div");
  place.replaceChildren(canvas, kindsPlace);
  const map = L.map(canvas, {
    zoomControl: false,
    minZoom: 1,
    maxZoom: 14,
    worldCopyJump: true,
    fadeAnimation: false,
    zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  });
  zoomWhileChosen(canvas, (isChosen) => {
    if (isChosen) map.scrollWheelZoom.enable();
    else map.scrollWheelZoom.disable();
  });
  map.attributionControl.setPrefix(false).addAttribution("Natural Earth");
  L.control.zoom({ zoomInTitle: t("Enlarge"), zoomOutTitle: t("Reduce") }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  map.setView([30, 5], 2);
  const countries = topology.objects.countries;
  const outlines = countries
    ? L.geoJSON(feature(topology, countries), { interactive: false, style: landStyle }).addTo(map)
    : undefined;
  const circles = L.layerGroup().addTo(map);
  let shown: readonly Place[] = [];
  const update = (next: readonly Place[]): void => {
    shown = next.filter((each) => Math.abs(each.latitude) <= 90 && Math.abs(each.longitude) <= 180);
    putCircles(L, map, circles, shown);
    const kinds = numbered(shown.map((each) => each.kind));
    kindsPlace.replaceChildren(...(kinds.size > 1 ? [legend(kinds, false)] : []));
  };
  update(places);
  showAll(L, map, shown);
  const stop = onColoursChange(() => {
    outlines?.setStyle(landStyle());
    putCircles(L, map, circles, shown);
  });
  const watched = new ResizeObserver(() => map.invalidateSize());
  watched.observe(canvas);
  return {
    update,
    destroy() {
      stop();
      watched.disconnect();
      map.remove();
      canvas.remove();
      kindsPlace.remove();
    },
  };
}

function landStyle(): { color: string; weight: number; fillColor: string; fillOpacity: number } {
  return { color: colour("--line"), weight: 1, fillColor: colour("--land"), fillOpacity: 1 };
}

function putCircles(L: typeof import("leaflet"), map: LeafletMap, circles: LayerGroup, places: readonly Place[]): void {
  circles.clearLayers();
  const points = new Map<string, Place[]>();
  for (const each of places) {
    const point = `${each.latitude.toFixed(4)} ${each.longitude.toFixed(4)}`;
    const there = points.get(point);
    if (there) there.push(each);
    else points.set(point, [each]);
  }
  const kinds = numbered(places.map((each) => each.kind));
  const sized = [...points.values()].map((there) => ({ there, count: total(there) }));
  // Small circles stand above large ones, so that none hides another whole.
  sized.sort((one, other) => other.count - one.count);
  for (const { there, count } of sized) {
    const first = there[0] as Place;
    const filled = colour(kinds.size > 1 ? `--kind-${kinds.get(first.kind ?? "") ?? 0}` : "--accent");
    const circle = L.circleMarker([first.latitude, first.longitude], {
      radius: Math.min(40, 6 + 2.5 * Math.sqrt(Math.max(0, count - 1))),
      color: colour("--text"),
      weight: 1,
      fillColor: filled,
      fillOpacity: 0.75,
    });
    circle.bindPopup(() => listed(there), { maxHeight: 260 });
    const permanent = points.size <= NAMED_CIRCLES;
    circle.bindTooltip(() => element("bdi", {}, permanent ? beside(there) : titled(there, count)), {
      direction: permanent ? "right" : "top",
      permanent,
    });
    circle.addTo(circles);
    if (points.size <= STOPS) makeReachable(map, circle, titled(there, count));
  }
}

function total(there: readonly Place[]): number {
  return there.reduce((sum, each) => sum + (each.count ?? 1), 0);
}

function titled(there: readonly Place[], count: number): string {
  const names = cut((there[0] as Place).label);
  if (there.length > 1) return t("{name} and {number} others here", { name: names, number: number(there.length - 1) });
  return count > 1 ? `${names} (${number(count)})` : names;
}

function beside(there: readonly Place[]): string {
  const first = cut((there[0] as Place).label, 40);
  return there.length > 1 ? t("{number} here", { number: number(there.length) }) : first;
}

function listed(there: readonly Place[]): HTMLElement {
  const list = element("ul", { class: "map-names" });
  for (const each of there.slice(0, NAMED)) {
    const name = cut(each.label, 100);
    const count = each.count === undefined ? undefined : ` (${number(each.count)})`;
    const shown = each.href ? element("a", { href: each.href }, name) : name;
    list.append(element("li", {}, element("bdi", {}, shown), count));
  }
  if (there.length > NAMED)
    list.append(element("li", {}, t("… and {number} more", { number: number(there.length - NAMED) })));
  return list;
}

function makeReachable(map: LeafletMap, circle: CircleMarker, name: string): void {
  const path = circle.getElement();
  if (!path) return;
  path.setAttribute("tabindex", "0");
  path.setAttribute("role", "button");
  path.setAttribute("aria-label", name);
  path.addEventListener("keydown", (event) => {
    const key = (event as KeyboardEvent).key;
    if (key !== "Enter" && key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    circle.openPopup();
    map.getPane("popupPane")?.querySelector<HTMLElement>("a")?.focus();
  });
}

function showAll(L: typeof import("leaflet"), map: LeafletMap, places: readonly Place[]): void {
  if (!places.length) return;
  const bounds = L.latLngBounds(places.map((each) => [each.latitude, each.longitude]));
  map.fitBounds(bounds.pad(0.15), { maxZoom: 9, animate: false });
}
