// Short addresses of queries.

/** Puts what shares the current query into a place. */
export function addSharing(
  _place: HTMLElement,
  _current: () => { query: string; reasoning: boolean; view?: string },
): void {}
