import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, installPacked } from "./support/installed.js";
import { ENTRIES, PUBLIC_PACKAGES } from "./support/public-packages.js";

/** For vitest's own files, which are no CommonJS; vitest is a peer that nobody has to have. */
const FOR_VITEST = "@connect/testing/vitest";

let installed: Installed;
beforeAll(() => {
  installed = installPacked();
});
afterAll(() => installed?.remove());

const entries = ENTRIES.filter(({ specifier }) => specifier !== FOR_VITEST);

function run(file: string, code: string): string {
  const path = join(installed.directory, file);
  writeFileSync(path, code);
  return execFileSync(process.execPath, [path], { encoding: "utf8", stdio: "pipe" }).trim();
}

describe("the packed packages, installed by npm outside of the workspace", () => {
  it("are all there once, and each is the packed one", () => {
    expect(installed.sources).toHaveLength(PUBLIC_PACKAGES.length);
    for (const source of installed.sources) expect(source).toMatch(/^file:tarballs\/connect-/);
  });

  it.each(entries)("give $specifier to an ES module", ({ specifier }) => {
    const code = `import * as entry from "${specifier}"; console.log(Object.keys(entry).length);`;
    expect(Number(run("imports.mjs", code))).toBeGreaterThan(0);
  });

  it.each(entries)("give $specifier to require() of a CommonJS file", ({ specifier }) => {
    const code = `console.log(Object.keys(require("${specifier}")).length);`;
    expect(Number(run("requires.cjs", code))).toBeGreaterThan(0);
  });
});
