// The current query as code.

/** Puts the current query as curl, Python and R into a place. */
export function addSnippets(
  _place: HTMLElement,
  _current: () => { query: string; reasoning: boolean; timeout?: number },
): void {}
