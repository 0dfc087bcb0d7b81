/**
 * The address of a request as browsers know it: Next takes its `basePath` off what handlers see, and writes it into the
 * code that it builds under this name alone. The way back must have it.
 */
export function withBasePath(url: string): string {
  const basePath = process.env.__NEXT_ROUTER_BASEPATH ?? "";
  if (basePath === "") return url;
  const { pathname, search } = new URL(url, "https://path.invalid");
  return basePath + pathname + search;
}
