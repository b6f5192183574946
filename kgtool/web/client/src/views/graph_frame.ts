// What stands around a drawn graph: what the chosen thing is, and which kind has which colour and shape.
import { element } from "../shared/dom";
import { number, t } from "../shared/words";
import type { GraphNode } from "./graph";
import { cut } from "./text";

/** Shapes by kind, so that colour is never the only difference; each with a sign of that shape. */
export const SHAPES = [
  { name: "ellipse", sign: "●" },
  { name: "round-rectangle", sign: "■" },
  { name: "diamond", sign: "◆" },
  { name: "triangle", sign: "▲" },
  { name: "hexagon", sign: "⬢" },
  { name: "star", sign: "★" },
  { name: "vee", sign: "▼" },
  { name: "pentagon", sign: "⬟" },
] as const;

/** Says what a node is, with its link and how many others it is related to. */
export function chosenLine(node: GraphNode, neighbours: number): (Node | string)[] {
  const name = cut(node.label, 120);
  const shown = node.href ? element("a", { href: node.href }, name) : element("strong", {}, name);
  const related = t("related to {number}", { number: number(neighbours) });
  return [element("bdi", {}, shown), ` · ${node.kind ? `${cut(node.kind)} · ` : ""}${related}`];
}

/** Gives the list of kinds with their colours and shapes. @param shaped whether each kind has a shape, not only a colour */
export function legend(kinds: ReadonlyMap<string, number>, shaped = true): HTMLUListElement {
  const list = element("ul", { class: "legend", "aria-label": t("Kinds of things") });
  for (const [kind, at] of kinds) {
    const sign = element(
      "span",
      { class: `sign kind-${at}`, "aria-hidden": "true" },
      (shaped && SHAPES[at]?.sign) || "●",
    );
    list.append(element("li", {}, sign, element("bdi", {}, cut(kind))));
  }
  return list;
}
