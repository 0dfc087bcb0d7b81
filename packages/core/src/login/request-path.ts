import type { RequestView } from "../ports.js";

/** The path of a request: one slash at its beginning, so that it is never read as another host. */
export function toPath({ url }: RequestView): string {
  const base = "https://path.invalid";
  // A request line need not be a URL ("//:x"); it then counts as the front page's.
  const pathname = URL.canParse(url, base) ? new URL(url, base).pathname : "/";
  // To browsers "/\host" is another site, too; a parser leaves it in a path where the scheme is none of theirs.
  return `/${pathname.replace(/^[/\\]+/, "")}`;
}

/** The query of a request, of which an id or two is read. */
export function toQuery({ url }: RequestView): URLSearchParams {
  const [beforeFragment = ""] = url.split("#", 1);
  const start = beforeFragment.indexOf("?");
  return new URLSearchParams(start === -1 ? "" : beforeFragment.slice(start));
}
