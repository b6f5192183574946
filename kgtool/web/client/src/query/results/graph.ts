// An answer as a graph: triples as they are, rows by the things that stand in them together.
import { addressOf } from "../../shared/addresses";
import { element } from "../../shared/dom";
import { number, t } from "../../shared/words";
import { drawGraph, type GraphEdge, type GraphNode } from "../../views/graph";
import { type Answer, TRIPLE } from "../answer";
import { askNames, textOf } from "../names";
import { columnsWith, iriOf } from "../terms";
import { nothing, type ResultView } from "./view";

/** Things that are drawn at most: more is no picture any longer. */
const MOST = 500;
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

export const graphView: ResultView = {
  name: "graph",
  label: t("Graph"),
  async draw(place, answer) {
    const found = related(answer);
    if (!found.edges.size && !found.nodes.size) {
      return nothing(place, t("A graph needs triples (CONSTRUCT, DESCRIBE), or columns that hold things with an IRI."));
    }
    const kept = [...found.nodes].slice(0, MOST);
    const shown = new Set(kept.map(([id]) => id));
    const edges = [...found.edges.values()].filter((each) => shown.has(each.source) && shown.has(each.target));
    await askNames([...shown, ...kept.map(([, kind]) => kind), ...edges.map((each) => each.label)].filter(isIri));
    const nodes: GraphNode[] = kept.map(([id, kind]) => {
      const href = addressOf(id);
      return {
        id,
        label: id.startsWith("_:") ? id : textOf(id),
        ...(kind ? { kind: isIri(kind) ? textOf(kind) : kind } : {}),
        ...(href ? { href } : {}),
      };
    });
    const drawing = await drawGraph(
      place,
      nodes,
      edges.map((each) => ({ ...each, label: isIri(each.label) ? textOf(each.label) : each.label })),
    );
    if (found.nodes.size > MOST) {
      const counts = { shown: number(MOST), all: number(found.nodes.size) };
      place.append(
        element("p", { class: "quiet" }, t("{shown} of {all} things are drawn; the table has all.", counts)),
      );
    }
    return drawing;
  },
};

function isIri(text: string | undefined): text is string {
  return Boolean(text?.includes(":")) && !text?.startsWith("_:");
}

interface Related {
  /** Ids with their kinds: IRIs of classes, or names of columns. */
  nodes: Map<string, string>;
  edges: Map<string, GraphEdge>;
}

function related(answer: Answer): Related {
  const found: Related = { nodes: new Map(), edges: new Map() };
  const [subject, predicate, object] = tripleColumns(answer) ?? [];
  if (subject && predicate && object) {
    for (const row of answer.rows) addTriple(found, idOf(row[subject]), iriOf(row[predicate]), idOf(row[object]));
    return found;
  }
  const columns = columnsWith(answer, iriOf);
  for (const row of answer.rows) {
    const there = columns.flatMap((column) => {
      const iri = iriOf(row[column]);
      return iri ? [{ iri, column }] : [];
    });
    for (const { iri, column } of there) if (!found.nodes.has(iri)) found.nodes.set(iri, column);
    const [first, ...others] = there;
    if (first) for (const other of others) addEdge(found, first.iri, other.iri, other.column);
  }
  return found;
}

/** Gives the three columns of triples: those of a graph, or of a query for ?s ?p ?o. */
function tripleColumns(answer: Answer): readonly string[] | undefined {
  if (answer.kind === "triples") return TRIPLE;
  const named = (letter: string, word: string): string | undefined =>
    answer.columns.find((column) => column === letter || column === word);
  const [subject, predicate, object] = [named("s", "subject"), named("p", "predicate"), named("o", "object")];
  return subject && predicate && object ? [subject, predicate, object] : undefined;
}

function idOf(term: { type: string; value: string } | undefined): string | undefined {
  if (term?.type === "uri") return term.value;
  return term?.type === "bnode" ? `_:${term.value}` : undefined;
}

function addTriple(found: Related, subject?: string, predicate?: string, object?: string): void {
  if (!subject || !predicate) return;
  if (predicate === TYPE) {
    if (object) found.nodes.set(subject, object);
    return;
  }
  if (!found.nodes.has(subject)) found.nodes.set(subject, "");
  if (!object) return;
  if (!found.nodes.has(object)) found.nodes.set(object, "");
  addEdge(found, subject, object, predicate);
}

function addEdge(found: Related, source: string, target: string, label: string): void {
  const key = `${source} ${target} ${label}`;
  const there = found.edges.get(key);
  found.edges.set(key, { source, target, label, weight: (there?.weight ?? 0) + 1 });
}
