import { existsSync } from "node:fs";
import { join } from "node:path";

const CODE = [".ts", ".tsx", ".js", ".jsx"];

/** The file of this path and any of the extensions that Next.js takes, seen from the folder. */
export function findCode(folder: string, path: string): string | undefined {
  return CODE.map((extension) => path + extension).find((file) => existsSync(join(folder, file)));
}

/** Where Next.js looks for routes: beside `app` or `pages`, which it wants in one folder. */
export function nextSourceFolder(folder: string): string {
  const has = (path: string) => existsSync(join(folder, path));
  if (has("app") || has("pages")) return "";
  return has("src") ? "src" : "";
}

/** The page that answers at the path of a route already, if there is one: Next.js takes no two. */
export function findRival(folder: string, source: string, route: string): string | undefined {
  const address = /^app\/(.+)\/route$/.exec(route)?.[1];
  if (address === undefined) return undefined;
  return [`app/${address}/page`, `pages/${address}`, `pages/${address}/index`]
    .map((path) => findCode(folder, join(source, path)))
    .find((file) => file !== undefined);
}

/** What sees requests before routes do, if there is such a file. */
export function findMiddleware(folder: string, source: string): string | undefined {
  return ["middleware", "proxy"]
    .map((name) => findCode(folder, join(source, name)))
    .find((file) => file !== undefined);
}

/** The page for what is not found that Next.js no longer shows once there is an `app`, if there is such a page. */
export function findLostPage(folder: string, source: string): string | undefined {
  return findCode(folder, join(source, "app/not-found")) === undefined
    ? findCode(folder, join(source, "pages/404"))
    : undefined;
}
