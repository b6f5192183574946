// A graph of things and their relations, drawn by Cytoscape.
import type { Core, ElementDefinition, NodeSingular } from "cytoscape";
import { element } from "../shared/dom";
import { number, t } from "../shared/words";
import { isStill, KINDS, numbered, onColoursChange } from "./colours";
import { chosenLine, legend, SHAPES } from "./graph_frame";
import { DENSE, styleOf } from "./graph_style";
import { placed } from "./layout";
import { cutPlain } from "./text";
import { zoomWhileChosen } from "./zooming";

export interface GraphNode {
  id: string;
  label: string;
  /** What it is, for its colour: the label of its class. */
  kind?: string;
  /** Where its name leads once it is chosen. */
  href?: string;
  /** How large it is drawn, relative to the others. */
  weight?: number;
}

export interface GraphEdge {
  source: string;
  target: string;
  label: string;
  weight?: number;
  /** Whether it follows instead of being said by a source: drawn dashed. */
  inferred?: boolean;
}

export interface Drawn {
  destroy(): void;
}

/** How far an arrow key moves to the next node, and how much + and - enlarge. */
const ZOOM = 1.3;

/** Up to how many things are drawn larger where the whole graph has to be reduced: more would hide each other. */
const READABLE = 120;
const LARGEST = 2.2;

/**
 * Draws a graph into a place. A click, or the arrow keys, choose a node: below stands what it is, with a link.
 * Edges of nodes that are not there are left out.
 */
export async function drawGraph(
  place: HTMLElement,
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
): Promise<Drawn> {
  const { default: cytoscape } = await import("cytoscape");
  keepStylesOut();
  const numbers = new Map(nodes.map((node, at) => [node.id, at]));
  const known = edges.filter((edge) => numbers.has(edge.source) && numbers.has(edge.target));
  const pairs = known.map((edge) => [numbers.get(edge.source) as number, numbers.get(edge.target) as number] as const);
  const kinds = numbered(nodes.map((node) => node.kind));
  const canvas = element("div", {
    class: "drawing graph",
    role: "application",
    tabindex: 0,
    "aria-label": t("Graph: {nodes} things, {edges} relations. Arrow keys go from one to the next, Enter opens it.", {
      nodes: number(nodes.length),
      edges: number(known.length),
    }),
  });
  const chosen = element("p", { class: "chosen", role: "status" }, t("Choose a thing to see what it is."));
  const frame = element("div", { class: "graph-frame" }, canvas, chosen);
  if (kinds.size) frame.append(legend(kinds));
  place.replaceChildren(frame);
  const wide = Math.min(2, Math.max(0.6, canvas.clientWidth / Math.max(1, canvas.clientHeight)));
  const points = await placed(nodes.length, pairs, wide);
  const many = known.length > DENSE;
  const made: Core = cytoscape({
    container: canvas,
    elements: [
      ...nodes.map((node, at) => drawnNode(node, kinds.get(node.kind ?? "") ?? KINDS - 1, points[at])),
      ...known.map(drawnEdge),
    ],
    style: styleOf(known.length),
    layout: { name: "preset", fit: true, padding: 24 },
    minZoom: 0.05,
    maxZoom: 4,
    boxSelectionEnabled: false,
    // A picture of the graph is moved while somebody drags it, not each of its things.
    textureOnViewport: many,
    hideEdgesOnViewport: known.length > 2000,
    ...(many ? { pixelRatio: 1 } : {}),
  });
  const scale = nodes.length > READABLE ? 1 : Math.min(LARGEST, Math.max(1, 0.85 / made.zoom()));
  made.style(styleOf(known.length, scale));
  const choose = (id: string): void => {
    const node = made.getElementById(id) as NodeSingular;
    const about = nodes[numbers.get(id) ?? -1];
    if (node.empty() || !about) return;
    made.batch(() => {
      made.elements().removeClass("chosen near");
      node.addClass("chosen");
      node.connectedEdges().addClass("near");
      node.neighborhood("node").addClass("near");
    });
    chosen.replaceChildren(...chosenLine(about, node.neighborhood("node").length));
    const { x1, x2, y1, y2 } = node.renderedBoundingBox();
    if (x2 < 0 || y2 < 0 || x1 > made.width() || y1 > made.height()) {
      if (isStill()) made.center(node);
      else made.animate({ center: { eles: node } }, { duration: 150 });
    }
  };
  made.on("tap", "node", (event) => choose(event.target.id()));
  canvas.addEventListener("keydown", (event) => keyed(event, made, nodes, choose));
  frame.prepend(buttons(made));
  zoomWhileChosen(canvas, (isChosen) => made.userZoomingEnabled(isChosen));
  const stop = onColoursChange(() => made.style(styleOf(known.length, scale)));
  const watched = new ResizeObserver(() => made.resize());
  watched.observe(canvas);
  return {
    destroy() {
      stop();
      watched.disconnect();
      made.destroy();
      frame.remove();
    },
  };
}

function drawnNode(node: GraphNode, kind: number, at: { x: number; y: number } | undefined): ElementDefinition {
  const size = 14 + 10 * Math.min(4, Math.sqrt(Math.max(0, node.weight ?? 1)));
  const shape = (node.kind ? SHAPES[kind] : undefined)?.name ?? "ellipse";
  const position = at ?? { x: 0, y: 0 };
  return { group: "nodes", data: { id: node.id, label: cutPlain(node.label), kind, shape, size }, position };
}

function drawnEdge(edge: GraphEdge): ElementDefinition {
  return {
    group: "edges",
    data: {
      source: edge.source,
      target: edge.target,
      label: cutPlain(edge.label, 30),
      width: 1 + Math.min(6, Math.log2(Math.max(1, edge.weight ?? 1))),
    },
    classes: edge.inferred ? "inferred" : "",
  };
}

function keyed(event: KeyboardEvent, made: Core, nodes: readonly GraphNode[], choose: (id: string) => void): void {
  const current = made.nodes(".chosen").first();
  const at = current.empty() ? -1 : nodes.findIndex((node) => node.id === current.id());
  const go = (to: number): void => {
    const next = nodes[(to + nodes.length) % nodes.length];
    if (next) choose(next.id);
  };
  const keys: Record<string, () => void> = {
    ArrowRight: () => go(at + 1),
    ArrowDown: () => go(at + 1),
    ArrowLeft: () => go(at < 0 ? -1 : at - 1),
    ArrowUp: () => go(at < 0 ? -1 : at - 1),
    Home: () => go(0),
    End: () => go(-1),
    "+": () => enlarge(made, ZOOM),
    "-": () => enlarge(made, 1 / ZOOM),
    "0": () => made.fit(undefined, 24),
    Enter: () => {
      const href = nodes[at]?.href;
      if (href) location.assign(href);
    },
  };
  const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function enlarge(made: Core, by: number): void {
  made.zoom({ level: made.zoom() * by, renderedPosition: { x: made.width() / 2, y: made.height() / 2 } });
}

function buttons(made: Core): HTMLElement {
  const bar = element("div", { class: "drawing-buttons no-print" });
  const acts: [string, string, () => void][] = [
    ["+", t("Enlarge"), () => enlarge(made, ZOOM)],
    ["−", t("Reduce"), () => enlarge(made, 1 / ZOOM)],
    ["⤢", t("Show everything"), () => made.fit(undefined, 24)],
  ];
  for (const [sign, name, act] of acts) {
    const button = element("button", { type: "button", "aria-label": name, title: name }, sign);
    button.addEventListener("click", act);
    bar.append(button);
  }
  return bar;
}

/** Cytoscape adds a style element, which the page's policy refuses, unless this id is taken; drawings.css has the rule. */
function keepStylesOut(): void {
  const id = "__________cytoscape_stylesheet";
  if (!document.getElementById(id)) document.head.append(element("template", { id }));
}
