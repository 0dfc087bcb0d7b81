import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PUBLIC_PACKAGES } from "./public-packages.js";

const PNPM = join(import.meta.dirname, "../../../../node_modules/pnpm/bin/pnpm.cjs");

/** A folder outside the workspace where the packed packages are installed, as an application does it. */
export interface Installed {
  readonly directory: string;
  /** Where npm has each of our packages from, by its place. */
  readonly sources: readonly string[];
  remove(): void;
}

/** Packs all public packages as they are published, and installs them by npm, with the frameworks that they have as peers. */
export function installPacked(): Installed {
  const directory = mkdtempSync(join(tmpdir(), "connect-packed-"));
  const tarballs = join(directory, "tarballs");
  mkdirSync(tarballs);
  for (const { directory: cwd } of PUBLIC_PACKAGES)
    execFileSync(process.execPath, [PNPM, "pack", "--pack-destination", tarballs], { cwd, stdio: "pipe" });

  const dependencies = PUBLIC_PACKAGES.map(({ name, version }) => [
    name,
    `file:tarballs/${name.slice(1).replace("/", "-")}-${version}.tgz`,
  ]);
  const manifest = { private: true, type: "module", dependencies: Object.fromEntries(dependencies) };
  writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
  // Whatever a registry has under these names, it is not what is tested.
  writeFileSync(join(directory, ".npmrc"), "@connect:registry=http://127.0.0.1:9/\n");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  execFileSync("npm", ["install", ...flags], { cwd: directory, stdio: "pipe" });

  const lock = JSON.parse(readFileSync(join(directory, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { resolved?: string }>>;
  };
  const ours = Object.entries(lock.packages).filter(([place]) => place.includes("node_modules/@connect/"));
  return {
    directory,
    sources: ours.map(([, { resolved = "" }]) => resolved),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
