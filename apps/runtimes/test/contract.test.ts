import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeAdapter } from "@connect/adapter-contract";
import { expect, it } from "vitest";
import { HOME } from "../src/home.js";
import { mount } from "../src/mount.js";
import { isThere, nameOf, PROGRAMS } from "../src/programs.js";

for (const program of PROGRAMS.filter(isThere)) {
  describeAdapter(nameOf(program), (authkitUrl) => mount(program, authkitUrl));
}

it("docs/runtimes.md is of the versions that are pinned", () => {
  const page = readFileSync(join(HOME, "../../docs/runtimes.md"), "utf8");
  const rows = [...page.matchAll(/^\| (.+) \| [1-9]\d* \| 0 \|$/gm)].map(([, name]) => name);
  expect(rows).toEqual(PROGRAMS.map(nameOf));
});
