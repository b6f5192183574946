// The page of a thing: proofs in a dialog, and drawings once they come into sight.
import { find, pageData } from "../shared/dom";
import { problemOf } from "../shared/sparql";
import { t } from "../shared/words";
import type { GraphEdge, GraphNode } from "../views/graph";
import type { Place } from "../views/map";

/** Fetches the page of a proof and gives what it says, as elements: the server has escaped what comes from data. */
async function proofOf(address: string): Promise<Node> {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw await problemOf(answer);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const said = page.querySelector(".explanation");
  if (!said) throw new Error(t("There is no proof."));
  return document.adoptNode(said);
}

function offerProofs(): void {
  const dialog = find<HTMLDialogElement>("#proof");
  const content = find("#proof-content");
  const link = find<HTMLAnchorElement>("#proof-link");
  document.addEventListener("click", async (event) => {
    const asked = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-why]") : null;
    if (!asked || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    link.href = asked.href;
    content.replaceChildren(t("Looking for the proof…"));
    dialog.showModal();
    try {
      const said = await proofOf(asked.href);
      if (link.href === asked.href) content.replaceChildren(said);
    } catch (error) {
      content.replaceChildren(error instanceof Error ? error.message : String(error));
    }
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/** Calls once an element comes near the window. */
function inSight(place: Element, draw: () => Promise<unknown>): void {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      watch.disconnect();
      draw().catch((error: unknown) => place.replaceChildren(String(error)));
    },
    { rootMargin: "200px" },
  );
  watch.observe(place);
}

function drawPicture(): void {
  const section = document.getElementById("picture");
  if (!section) return;
  const { nodes, edges } = pageData<{ nodes: GraphNode[]; edges: GraphEdge[] }>("graph-data");
  section.hidden = false;
  const place = find("#graph");
  inSight(place, async () => (await import("../views/graph")).drawGraph(place, nodes, edges));
}

function drawPlaces(): void {
  const place = document.getElementById("map");
  if (!place) return;
  const places = pageData<Place[]>("map-data");
  place.hidden = false;
  inSight(place, async () => (await import("../views/map")).drawMap(place, places));
}

offerProofs();
drawPicture();
drawPlaces();
