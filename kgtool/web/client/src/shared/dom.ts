// Elements made of data. Text from the data only ever becomes text: nothing here parses HTML.
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;
type Child = Node | string | undefined;

/** Makes an element; an attribute that is false or undefined is left out, one that is true has no value. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    made.setAttribute(key, value === true ? "" : String(value));
  }
  for (const child of children) if (child !== undefined) made.append(child);
  return made;
}

/** Finds an element that the page is known to have. */
export function find<Kind extends Element = HTMLElement>(selector: string, within: ParentNode = document): Kind {
  const found = within.querySelector<Kind>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** Reads the JSON that the page brings along in <script type="application/json" id="…">. */
export function pageData<Data>(id: string): Data {
  return JSON.parse(find(`#${id}`).textContent ?? "null") as Data;
}

/** Waits until nothing has called for a while, then calls once. */
export function debounced<Arguments extends unknown[]>(
  milliseconds: number,
  call: (...given: Arguments) => void,
): (...given: Arguments) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...given), milliseconds);
  };
}
