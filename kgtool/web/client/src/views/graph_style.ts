// How a graph looks, in the colours of the page.
import type { StylesheetStyle } from "cytoscape";
import { colour, KINDS } from "./colours";

/** From how many edges on a graph is drawn in the cheaper way: straight lines without arrows and names. */
export const DENSE = 150;

/** Gives Cytoscape's styles. @param many whether there are more than DENSE edges */
export function styleOf(many: boolean): StylesheetStyle[] {
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
        width: "data(size)",
        height: "data(size)",
        color: text,
        "font-size": 15,
        "text-wrap": "ellipsis",
        "text-max-width": "150px",
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
        ...(many
          ? {}
          : {
              label: "data(label)",
              color: quiet,
              "font-size": 12,
              "text-rotation": "autorotate",
              "text-outline-color": ground,
              "text-outline-width": 2,
              "min-zoomed-font-size": 9,
            }),
      },
    },
    { selector: "edge.inferred", style: { "line-style": "dashed" } },
    { selector: "edge.near", style: { "line-color": accent, "target-arrow-color": accent, "line-opacity": 1 } },
    { selector: "node.near", style: { "border-width": 2, "border-color": accent } },
    {
      selector: "node.chosen",
      style: { "border-width": 4, "border-color": text, "font-weight": "bold", "z-index": 9 },
    },
    { selector: "core", style: { "active-bg-color": line, "active-bg-opacity": 0.3 } },
  ];
  return styles as unknown as StylesheetStyle[];
}
