import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PUBLIC_PACKAGES } from "./public-packages.js";

const HOME = join(import.meta.dirname, "../..");
const PNPM = join(HOME, "../../node_modules/pnpm/bin/pnpm.cjs");

/** What the applications in `apps` and the entries need besides our packages. Next.js looks for TypeScript and the types of React. */
const OTHERS = [
  "@fastify/formbody",
  "@hono/node-server",
  "@types/express",
  "@types/node",
  "@types/react",
  "iron-session",
].concat(["@opentelemetry/api", "express", "fastify", "hono", "next", "react", "react-dom", "typescript"]);

/** Express 4 has an installation of its own, for both versions have the same names. */
const WITH_EXPRESS_4 = { express: "express-4", "@types/express": "@types/express-4" };
export const EXPRESS_4 = "express-4";

/** A folder outside the workspace where the packed packages are installed, as an application does it. */
export interface Installed {
  readonly directory: string;
  /** Where npm has each of our packages from, by its place. */
  readonly sources: readonly string[];
  /** Loads one of the installed packages. */
  load<Module>(specifier: string): Module;
  remove(): void;
}

/** Packs all public packages as they are published, and installs them by npm, with the applications that use them. */
export function installPacked(): Installed {
  const directory = mkdtempSync(join(tmpdir(), "connect-packed-"));
  const tarballs = join(directory, "tarballs");
  mkdirSync(tarballs);
  for (const { directory: cwd } of PUBLIC_PACKAGES)
    execFileSync(process.execPath, [PNPM, "pack", "--pack-destination", tarballs], { cwd, stdio: "pipe" });
  const packed = PUBLIC_PACKAGES.map(({ name, version }): [string, string] => [
    name,
    `file:${tarballs}/${name.slice(1).replace("/", "-")}-${version}.tgz`,
  ]);

  cpSync(join(HOME, "apps"), directory, { recursive: true });
  npmInstall(directory, [...packed, ...OTHERS.map((name): [string, string] => [name, versionOf(name)])]);

  const express4 = join(directory, EXPRESS_4);
  for (const folder of ["existing", "express"])
    cpSync(join(HOME, "apps", folder), join(express4, folder), { recursive: true });
  npmInstall(express4, [
    ...packed.filter(([name]) => name === "@connect/core" || name === "@connect/express"),
    ...Object.entries(WITH_EXPRESS_4).map(([name, alias]): [string, string] => [name, versionOf(alias)]),
  ]);

  const load = createRequire(join(directory, "package.json"));
  return {
    directory,
    sources: sourcesIn(directory),
    load: <Module>(specifier: string) => load(specifier) as Module,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** As the workspace has it, so that the catalog alone decides. */
function versionOf(name: string): string {
  const manifest = readFileSync(join(HOME, "node_modules", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function npmInstall(directory: string, dependencies: readonly (readonly [string, string])[]): void {
  const manifest = { private: true, type: "module", dependencies: Object.fromEntries(dependencies) };
  writeFileSync(join(directory, "package.json"), JSON.stringify(manifest));
  // Whatever a registry has under these names, it is not what is tested.
  writeFileSync(join(directory, ".npmrc"), "@connect:registry=http://127.0.0.1:9/\n");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  execFileSync("npm", ["install", ...flags], { cwd: directory, stdio: "pipe" });
}

function sourcesIn(directory: string): readonly string[] {
  const lock = JSON.parse(readFileSync(join(directory, "package-lock.json"), "utf8")) as {
    packages: Readonly<Record<string, { resolved?: string }>>;
  };
  const ours = Object.entries(lock.packages).filter(([place]) => place.includes("node_modules/@connect/"));
  return ours.map(([, { resolved = "" }]) => resolved);
}
