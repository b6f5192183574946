// The colours of the page as drawings need them: resolved, and told of when they change.

/** Gives the colour that a CSS variable of the page stands for, as rgb(…): `light-dark()` resolved. */
export function colour(variable: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${variable})`;
  probe.hidden = true;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** Calls whenever the colours of the page change. @returns what stops that. */
export function onColoursChange(call: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  document.addEventListener("themechange", call);
  system.addEventListener("change", call);
  return () => {
    document.removeEventListener("themechange", call);
    system.removeEventListener("change", call);
  };
}

/** Whether the reader asked for less motion. */
export function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** How many kinds have a colour of their own: --kind-0 and so on, in drawings.css. */
export const KINDS = 8;

/** Numbers the kinds of things in the order in which they come; those beyond the colours share the last. */
export function numbered(kinds: Iterable<string | undefined>): Map<string, number> {
  const found = new Map<string, number>();
  for (const kind of kinds) {
    if (kind !== undefined && !found.has(kind)) found.set(kind, Math.min(found.size, KINDS - 1));
  }
  return found;
}
