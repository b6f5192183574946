// Queries that this browser keeps under names: nothing of them is sent anywhere.
export interface Saved {
  name: string;
  query: string;
  reasoning: boolean;
  view?: string;
}

const key = "kgtool-saved-queries";
const most = 200;

/** Gives the saved queries, the last one first. */
export function savedQueries(): Saved[] {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter(isSaved) : [];
  } catch {
    return [];
  }
}

/** Saves a query in the place of one of the same name; tells whether the browser took it. */
export function save(query: Saved): boolean {
  return keep([query, ...savedQueries().filter((each) => each.name !== query.name)].slice(0, most));
}

/** Removes the query of a name. */
export function remove(name: string): void {
  keep(savedQueries().filter((each) => each.name !== name));
}

function keep(queries: readonly Saved[]): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(queries));
    return true;
  } catch {
    return false;
  }
}

function isSaved(value: unknown): value is Saved {
  if (typeof value !== "object" || value === null) return false;
  const { name, query, view } = value as Partial<Saved>;
  return typeof name === "string" && typeof query === "string" && ["string", "undefined"].includes(typeof view);
}
