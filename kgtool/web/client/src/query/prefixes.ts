// Prefixes that the editor completes and declares: those of this service before those that Yasqe brings along.
import type { Yasgui } from "@zazuko/yasgui";

/** Lets the editor know the service's own prefixes. */
export function registerPrefixes(yasqe: typeof Yasgui.Yasqe, prefixes: Readonly<Record<string, string>>): void {
  const completer = yasqe.Autocompleters.prefixes;
  if (!completer) return;
  const known = Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`);
  // Without an id Yasqe keeps no list of another day in the browser's storage.
  yasqe.Autocompleters.prefixes = { ...completer, get: async () => known.sort(), persistenceId: undefined };
}
