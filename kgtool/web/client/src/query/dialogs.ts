// Dialogs of the query's tools, and copying to the clipboard.
import { element } from "../shared/dom";
import { t } from "../shared/words";

let made = 0;

/** Makes a dialog with a title and a button that closes it; it goes from the page when it is closed. */
export function openDialog(title: string, ...content: (Node | string)[]): HTMLDialogElement {
  made += 1;
  const id = `dialog-title-${made}`;
  const close = element("button", { type: "button", class: "close" }, t("Close"));
  const head = element("div", { class: "dialog-head" }, element("h2", { id }, title), close);
  const dialog = element("dialog", { class: "tools", "aria-labelledby": id }, head, ...content);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Makes a button that copies a text, and says so. */
export function copyButton(text: () => string): HTMLButtonElement {
  const button = element("button", { type: "button" }, t("Copy"));
  button.setAttribute("aria-live", "polite");
  let timer: ReturnType<typeof setTimeout> | undefined;
  button.addEventListener("click", async () => {
    const done = await copied(text(), button);
    button.textContent = done ? t("Copied") : t("Press Ctrl+C to copy");
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = t("Copy");
    }, 2500);
  });
  return button;
}

async function copied(text: string, beside: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Browsers keep the clipboard from pages that come without TLS.
    const field = element("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
    field.value = text;
    beside.after(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    beside.focus();
    return done;
  }
}

/** Makes the place of what went wrong; it is read out when a text comes into it. */
export function problemPlace(): HTMLParagraphElement {
  const place = element("p", { class: "problem", role: "alert" });
  place.hidden = true;
  return place;
}

/** Says what went wrong; nothing, when there is no text. */
export function tell(place: HTMLElement, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error ?? "");
  place.textContent = text;
  place.hidden = !text;
}
