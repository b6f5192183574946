// What scripts say: written in English, looked up in the words that the page brings along.
const words: Readonly<Record<string, string>> = read();

function read(): Record<string, string> {
  const text = document.getElementById("words")?.textContent;
  return text ? JSON.parse(text) : {};
}

/** The language of the page: "fr" or "en". */
export const language = document.documentElement.lang || "en";

/** Gives a text in the page's language, its {names} replaced by values. */
export function t(english: string, values: Readonly<Record<string, string | number>> = {}): string {
  const text = words[english] ?? english;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

const numbers = new Intl.NumberFormat(language);

/** Writes a number as the page's language does. */
export function number(value: number): string {
  return numbers.format(value);
}
