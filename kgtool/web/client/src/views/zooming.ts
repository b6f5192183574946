// The wheel scrolls the page past a drawing, and enlarges the drawing only once somebody has clicked or gone into it.

/** Tells whether the wheel is for a drawing, now and whenever that changes. */
export function zoomWhileChosen(canvas: HTMLElement, tell: (isChosen: boolean) => void): void {
  tell(canvas.contains(document.activeElement));
  canvas.addEventListener("focusin", () => tell(true));
  canvas.addEventListener("focusout", () => tell(false));
  canvas.addEventListener("pointerdown", () => canvas.focus({ preventScroll: true }));
}
