// An answer on a map: columns of latitude and longitude, points in WKT, or things whose place the graph knows.
import { addressOf } from "../../shared/addresses";
import { element } from "../../shared/dom";
import { ask, type Binding } from "../../shared/sparql";
import { number, t } from "../../shared/words";
import { drawMap, type Place } from "../../views/map";
import type { Answer } from "../answer";
import { askNames, irisOf, textOf } from "../names";
import { columnsWith, iriOf, pointOf } from "../terms";
import { nothing, type ResultView } from "./view";

/** Things whose places are looked up at most. */
const MOST = 2000;
const LATITUDE = /^(.*?)_?(?:lat|latitude)$/i;
const LONGITUDE = /^(.*?)_?(?:long?|lng|longitude)$/i;
const GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#";

export const mapView: ResultView = {
  name: "map",
  label: t("Map"),
  async draw(place, answer) {
    const iris = irisOf(answer);
    await askNames(iris);
    const points = pointsOf(answer) ?? (await placesOf(iris.slice(0, MOST)));
    if (!points.length) {
      return nothing(
        place,
        t("A map needs columns of latitude and longitude, points in WKT, or things whose place the graph knows."),
      );
    }
    const drawing = await drawMap(place, points);
    place.append(
      element("p", { class: "quiet" }, t("{number} places; the table lists them.", { number: number(points.length) })),
    );
    return drawing;
  },
};

function pointsOf(answer: Answer): Place[] | undefined {
  const latitude = answer.columns.find((column) => LATITUDE.test(column));
  const before = latitude && LATITUDE.exec(latitude)?.[1];
  const longitude = answer.columns.find((column) => LONGITUDE.exec(column)?.[1] === before);
  if (latitude && longitude) {
    const used = new Set([latitude, longitude]);
    const read = (row: Binding, column: string): number => Number.parseFloat(row[column]?.value ?? "");
    return rowsAt(answer, used, (row) => ({ latitude: read(row, latitude), longitude: read(row, longitude) }));
  }
  const [written] = columnsWith(answer, pointOf);
  return written ? rowsAt(answer, new Set([written]), (row) => pointOf(row[written])) : undefined;
}

function rowsAt(
  answer: Answer,
  used: ReadonlySet<string>,
  at: (row: Binding) => { latitude: number; longitude: number } | undefined,
): Place[] {
  return answer.rows.flatMap((row, index) => {
    const point = at(row);
    if (!point || Number.isNaN(point.latitude) || Number.isNaN(point.longitude)) return [];
    const others = answer.columns.filter((column) => !used.has(column) && row[column]);
    const thing = others.map((column) => iriOf(row[column])).find((iri) => iri !== undefined);
    const label = thing ? textOf(thing) : (row[others[0] ?? ""]?.value ?? t("without a name"));
    return [placed(String(index), label, point, thing)];
  });
}

function placed(id: string, label: string, point: { latitude: number; longitude: number }, thing?: string): Place {
  const href = thing ? addressOf(thing) : undefined;
  return { id, label, ...point, ...(href ? { href } : {}) };
}

/** Looks up where things are: by coordinates of their own, else by those of where they are located. */
async function placesOf(iris: readonly string[]): Promise<Place[]> {
  const located = `<${document.body.dataset.ontology ?? ""}#locatedIn>`;
  const values = iris.filter((iri) => !/[<>"{}|^`\\\s]/.test(iri)).map((iri) => `<${iri}>`);
  if (!values.length) return [];
  const answer = await ask(
    `PREFIX geo: <${GEO}>
SELECT ?thing ?lat ?long WHERE {
  VALUES ?thing { ${values.join(" ")} }
  { ?thing geo:lat ?lat ; geo:long ?long } UNION { ?thing ${located} ?place . ?place geo:lat ?lat ; geo:long ?long }
}`,
  );
  const found = new Map<string, Place>();
  for (const row of answer.results?.bindings ?? []) {
    const thing = row.thing?.value ?? "";
    const point = { latitude: Number(row.lat?.value), longitude: Number(row.long?.value) };
    if (!found.has(thing) && !Number.isNaN(point.latitude + point.longitude)) {
      found.set(thing, placed(thing, textOf(thing), point, thing));
    }
  }
  return [...found.values()];
}
