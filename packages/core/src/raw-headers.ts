/**
 * A header's values as `RequestView` wants them: joined, out of Node's `rawHeaders`. For adapters of Node's
 * frameworks: Node itself keeps the first of several Authorization headers and drops the others.
 *
 * @param name in lower case
 */
export function joinHeader(rawHeaders: readonly string[], name: string): string | null {
  let joined: string | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const key = rawHeaders[index];
    if (key?.length !== name.length || key.toLowerCase() !== name) continue;
    const value = rawHeaders[index + 1] ?? "";
    joined = joined === null ? value : `${joined}, ${value}`;
  }
  return joined;
}
