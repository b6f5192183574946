// What the editor suggests: prefixes, classes and properties of the graph itself, in the place of Yasgui's own
// completers, which ask other services.
import type Yasqe from "@zazuko/yasqe";
import type { Hint } from "@zazuko/yasqe";
import { element } from "../shared/dom";
import { type Context, contextAt } from "./context";
import { declarations, type Suggestion, suggestions, theVocabulary } from "./vocabulary";

type Config = (typeof Yasqe)["Autocompleters"][string];
type Completed = Parameters<NonNullable<Config["postProcessSuggestion"]>>[1];

/** Editors whose reader asks for suggestions by Ctrl+Space: these may come before anything is typed. */
const asking = new WeakSet<Yasqe>();
/** Editors in which a suggestion was just taken: that is no reason for another one. */
const taking = new WeakSet<Yasqe>();
/** What was suggested last, by the text that it writes. */
const shown = new Map<string, Suggestion>();

/** Registers the completers; call it before an editor is made. */
export function registerCompleters(yasqe: typeof Yasqe): void {
  yasqe.defaults.prefixCcApi = null;
  const usual = yasqe.Autocompleters.prefixes;
  if (usual) {
    yasqe.registerAutocompleter({
      ...usual,
      bulk: false,
      persistenceId: undefined,
      get: async (_, token) => {
        const begun = token?.autocompletionString ?? (token as { string?: string } | undefined)?.string ?? "";
        return (await declarations().catch(() => [])).filter((each) => each.startsWith(begun.trim()));
      },
    });
  }
  for (const place of ["property", "class"] as const) yasqe.registerAutocompleter(completer(place));
}

function completer(place: "class" | "property"): Config {
  return {
    name: place,
    bulk: false,
    autoShow: true,
    onInitialize(yasqe) {
      void theVocabulary().catch(() => undefined);
      if (place === "property") watchAsking(yasqe);
    },
    isValidCompletionPosition(yasqe) {
      const { typed, context } = here(yasqe);
      if (/^[?$"'_@\d]/.test(typed) || typed === "a") return false;
      return context.place === place && (typed !== "" || asking.has(yasqe));
    },
    preProcessToken(yasqe, token) {
      const { typed, from, to } = here(yasqe);
      return { ...token, string: typed || " ", autocompletionString: typed, from: { ch: from }, to: { ch: to } };
    },
    async get(yasqe, token) {
      const found = await suggestions(token?.autocompletionString ?? "", here(yasqe).context).catch(() => []);
      shown.clear();
      for (const each of found) shown.set(each.text, each);
      return found.map((each) => each.text);
    },
    postProcessSuggestion: (_yasqe: Yasqe, _token: Completed, text: string) => text,
    postprocessHints: (yasqe, hints) => hints.map((hint) => drawn(yasqe, hint)),
  };
}

/** Notes whether suggestions are asked for, or come of themselves while somebody types. */
function watchAsking(yasqe: Yasqe): void {
  const own = yasqe.autocomplete.bind(yasqe);
  yasqe.autocomplete = (fromAutoShow = false) => {
    if (taking.has(yasqe)) return;
    if (fromAutoShow) asking.delete(yasqe);
    else asking.add(yasqe);
    own(fromAutoShow);
  };
  // Keys get CodeMirror's own object, whose function is still the old one.
  yasqe.addKeyMap({ "Ctrl-Space": () => yasqe.autocomplete() });
}

/** Gives what is typed at the cursor, where that stands in its line, and what the query says around it. */
function here(yasqe: Yasqe): { typed: string; from: number; to: number; context: Context } {
  const doc = yasqe.getDoc();
  const cursor = doc.getCursor();
  const line = doc.getLine(cursor.line);
  const before = line.slice(0, cursor.ch);
  const typed = /(?:<[^<>"{}|^`\\\s]*|[^\s{}()[\];,|/^*+!<>=&]+)$/u.exec(before)?.[0] ?? "";
  const from = cursor.ch - typed.length;
  const rest = typed ? (/^[\p{L}\p{N}_:-]*>?/u.exec(line.slice(cursor.ch))?.[0].length ?? 0) : 0;
  const offset = doc.indexFromPos({ line: cursor.line, ch: from });
  return { typed, from, to: cursor.ch + rest, context: contextAt(doc.getValue(), offset) };
}

/** Shows a suggestion with its label and its count; choosing it declares its prefix, too. */
function drawn(yasqe: Yasqe, hint: Hint): Hint {
  const suggestion = shown.get(hint.text);
  if (!suggestion) return hint;
  const pick = (_: unknown, data: { from: Hint["from"]; to: Hint["to"] }) => {
    taking.add(yasqe);
    setTimeout(() => taking.delete(yasqe));
    yasqe.operation(() => {
      const [from, to] = [hint.from ?? data.from, hint.to ?? data.to];
      if (from) yasqe.getDoc().replaceRange(hint.text, from, to, "complete");
      if (suggestion.prefix) yasqe.addPrefixes({ [suggestion.prefix[0]]: suggestion.prefix[1] });
    });
  };
  const render = (place: HTMLElement) => {
    const parts = [
      element("span", { class: "term-name" }, suggestion.text),
      element("span", { class: "term-label" }, suggestion.label),
      element("span", { class: "term-count" }, suggestion.count),
    ];
    place.append(element("span", { class: "term-hint" }, ...parts));
  };
  return Object.assign({}, hint, { hint: pick, render });
}
