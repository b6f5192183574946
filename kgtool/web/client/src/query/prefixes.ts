// Prefixes that the editor completes and declares: those of this service before those that Yasqe brings along.
import type { Yasgui } from "@zazuko/yasgui";

/** Lets the editor know the service's own prefixes. */
export function registerPrefixes(yasqe: typeof Yasgui.Yasqe, prefixes: Readonly<Record<string, string>>): void {
  const completer = yasqe.Autocompleters.prefixes;
  if (!completer) return;
  const own = Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`);
  const get: typeof completer.get = async (editor, token) => {
    const brought = typeof completer.get === "function" ? await completer.get(editor, token) : completer.get;
    const others = (brought ?? []).filter((each) => !((each.split(":")[0] as string) in prefixes));
    return [...own, ...others].sort();
  };
  // Without an id Yasqe keeps no list of another day in the browser's storage.
  yasqe.Autocompleters.prefixes = { ...completer, get, persistenceId: undefined };
}
