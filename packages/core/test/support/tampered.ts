/** What is sealed, with one character changed: the last but one, all of whose bits belong to the seal. */
export function tampered(sealed: string): string {
  return sealed.slice(0, -2) + (sealed.at(-2) === "A" ? "B" : "A") + sealed.slice(-1);
}
