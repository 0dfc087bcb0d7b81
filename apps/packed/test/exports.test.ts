import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readExportedNames } from "./support/exported-names.js";
import { ENTRIES, PUBLIC_PACKAGES } from "./support/public-packages.js";

const HOME = join(import.meta.dirname, "..");
const SNAPSHOTS = join(HOME, "exports");
const UPDATE =
  "What the packages export has changed. If it is meant: `npx vitest run test/exports.test.ts -u` in apps/packed, " +
  "commit what it writes, and add a changeset: a name that is gone breaks somebody's code.";

const exported = readExportedNames(ENTRIES.map(({ types }) => types));
const namesOf = (types: string) => exported.get(types) ?? [];
const fileOf = (name: string) => `${name.replace("@connect/", "")}.txt`;

describe("what the packages export", () => {
  it.each(PUBLIC_PACKAGES)("of $name is what was decided", async ({ name }) => {
    const sections = ENTRIES.filter((entry) => entry.package.name === name).map(({ specifier, types }) =>
      [specifier, ...namesOf(types).map(({ name, kinds }) => `  ${kinds.join(" and ")} ${name}`)].join("\n"),
    );
    await expect(`${sections.join("\n\n")}\n`, UPDATE).toMatchFileSnapshot(join(SNAPSHOTS, fileOf(name)));
  });

  it("is written down for these packages and no others", () => {
    expect(readdirSync(SNAPSHOTS).sort()).toEqual(PUBLIC_PACKAGES.map(({ name }) => fileOf(name)).sort());
  });

  it.each(ENTRIES)("of $specifier is at run time what its types say", async ({ specifier, types }) => {
    const values = namesOf(types).filter(({ isValue }) => isValue);
    const module = (await import(specifier)) as object;
    expect(Object.keys(module).sort()).toEqual(values.map(({ name }) => name).sort());
  });

  // Else the tests' cached result would outlive a change of the package.
  it("comes from packages that this one depends on", () => {
    const { devDependencies } = JSON.parse(readFileSync(join(HOME, "package.json"), "utf8")) as {
      devDependencies: Readonly<Record<string, string>>;
    };
    const names = Object.keys(devDependencies).filter((name) => name.startsWith("@connect/"));
    expect(names.sort()).toEqual(PUBLIC_PACKAGES.map(({ name }) => name).sort());
  });
});
