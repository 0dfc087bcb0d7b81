import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, toAddress, toFile } from "./pages.js";

/** Publishes llms.txt, whose links lead from file to file, with the addresses that the files have on the site. */
export function publishLlms(outDir: string): void {
  const text = readFileSync(join(root, "llms.txt"), "utf8").replace(
    /\]\(([^)]+)\)/g,
    (link, href: string) => {
      const file = toFile(href, "llms.txt");
      return file === null ? link : `](${toAddress(file)})`;
    },
  );
  writeFileSync(join(outDir, "llms.txt"), text);
}
