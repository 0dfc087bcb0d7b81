/**
 * What search finds first: how to do a thing before what its types are called, and both before figures and history. It
 * goes to the browser as text, so it refers to nothing outside of itself.
 */
export const searchOptions = {
  boostDocument(id: string): number {
    if (/^\/(start|how-to|reference)\/|^\/what-authkit-does/.test(id)) return 3;
    if (
      /^\/(api|decisions|benchmarks|load|apps\/clients)\/|^\/(mutation|reliability|walk|architecture)\./.test(
        id,
      )
    )
      return 0.3;
    return 1;
  },
  // 401 is not nearly 403.
  fuzzy: (term: string): number | false => (/^\d/.test(term) ? false : 0.2),
};
