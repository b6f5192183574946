// Names as drawings show them: whole where there is room, else cut; what data say never turns the text around it.

/** Gives at most so many characters of a name, on one line. */
export function cut(text: string, most = 60): string {
  const line = text.replace(/\s+/g, " ").trim();
  const characters = Array.from(line.slice(0, 2 * most + 2));
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : line;
}

/** The same without the signs that turn the direction of text, for canvases, which cannot isolate it. */
export function cutPlain(text: string, most = 40): string {
  return cut(text.replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, ""), most);
}
