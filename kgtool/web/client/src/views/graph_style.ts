// How a graph looks, in the colours of the page.
import type { NodeSingular, StylesheetStyle } from "cytoscape";
import { colour, KINDS } from "./colours";

/** From how many edges on a graph is drawn in the cheaper way: straight lines without arrows and names. */
export const DENSE = 150;

/** From how many edges on their names would hide the graph; the chosen thing's edges have theirs always. */
const NAMED = 30;

/**
 * Gives Cytoscape's styles.
 * @param edges how many there are
 * @param scale how much larger things and their names are drawn, for a graph that has to be reduced to be seen whole
 */
export function styleOf(edges: number, scale = 1): StylesheetStyle[] {
  const many = edges > DENSE;
  const named = {
    label: "data(label)",
    color: colour("--quiet"),
    "font-size": 12 * scale,
    "text-rotation": "autorotate",
    "text-outline-color": colour("--raised"),
    "text-outline-width": 2,
    "min-zoomed-font-size": 8,
  };
  const [text, ground, line, quiet, accent] = ["--text", "--raised", "--line", "--quiet", "--accent"].map(colour);
  const kinds = Array.from({ length: KINDS }, (_, at) => ({
    selector: `node[kind = ${at}]`,
    style: { "background-color": colour(`--kind-${at}`) },
  }));
  const styles = [
    {
      selector: "node",
      style: {
        label: "data(label)",
        shape: "data(shape)",
        width: (node: NodeSingular) => node.data("size") * scale,
        height: (node: NodeSingular) => node.data("size") * scale,
        color: text,
        "font-size": 15 * scale,
        "text-wrap": "ellipsis",
        "text-max-width": `${150 * scale}px`,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-outline-color": ground,
        "text-outline-width": 2,
        "min-zoomed-font-size": many ? 9 : 6,
      },
    },
    ...kinds,
    {
      selector: "edge",
      style: {
        width: "data(width)",
        "line-color": quiet,
        "line-opacity": 0.6,
        "curve-style": many ? "haystack" : "bezier",
        ...(many ? {} : { "target-arrow-shape": "triangle", "target-arrow-color": quiet, "arrow-scale": 0.9 }),
        ...(edges <= NAMED ? named : {}),
      },
    },
    { selector: "edge.inferred", style: { "line-style": "dashed" } },
    {
      selector: "edge.near",
      style: { ...named, "line-color": accent, "target-arrow-color": accent, "line-opacity": 1 },
    },
    { selector: "node.near", style: { "border-width": 2, "border-color": accent } },
    {
      selector: "node.chosen",
      style: { "border-width": 4, "border-color": text, "font-weight": "bold", "z-index": 9 },
    },
    { selector: "core", style: { "active-bg-color": line, "active-bg-opacity": 0.3 } },
  ];
  return styles as unknown as StylesheetStyle[];
}
