// Completion in the editor.
import type { Yasgui } from "@zazuko/yasgui";

/** Registers what completes names; to be called before an editor is made. */
export function registerCompleters(_yasqe: typeof Yasgui.Yasqe): void {}
