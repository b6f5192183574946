// Texts compared as people type them: without accents, capitals and ligatures.
const ligatures: Readonly<Record<string, string>> = { œ: "oe", æ: "ae" };

/** Gives a text as it is compared: "Œuvre" is "oeuvre". */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .replace(/[œæ]/g, (letter) => ligatures[letter] ?? letter)
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
}

/** Tells whether a text holds every word that is sought; both are folded here. */
export function holds(text: string, sought: string): boolean {
  const within = folded(text);
  return folded(sought)
    .split(/\s+/)
    .every((word) => within.includes(word));
}
