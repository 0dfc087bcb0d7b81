import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LocalAuthKit } from "@connect/local-authkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXPRESS_4, type Installed, installPacked } from "./support/installed.js";
import { ENTRIES, PUBLIC_PACKAGES } from "./support/public-packages.js";
import { serve } from "./support/served.js";
import { compile, VERSIONS } from "./support/typescript.js";

/** For vitest's own files, which are no CommonJS; vitest is a peer that nobody has to have. */
const FOR_VITEST = "@connect/testing/vitest";

const NEXT = ["../node_modules/next/dist/bin/next"];
const APPLICATIONS = [
  { name: "of web-standard handlers", folder: "web", start: ["server.js"] },
  { name: "of Hono", folder: "hono", start: ["server.js"] },
  { name: "of Fastify", folder: "fastify", start: ["server.js"] },
  { name: "of Express 5", folder: "express", start: ["server.js"] },
  { name: "of Express 4", folder: join(EXPRESS_4, "express"), start: ["server.js"] },
  { name: "of Next.js", folder: "next", start: [...NEXT, "start", "-H", "localhost"] },
];
const AUDIENCE = "https://api.example.com";

let installed: Installed;
beforeAll(() => {
  installed = installPacked();
});
afterAll(() => installed?.remove());

const specifiers = ENTRIES.map(({ specifier }) => specifier).filter((name) => name !== FOR_VITEST);

/** How many names each entry gives, by what it is imported as. */
function namesGiven(file: string, load: (specifier: string) => string): Readonly<Record<string, number>> {
  const path = join(installed.directory, file);
  const entries = specifiers.map((name) => `"${name}": Object.keys(${load(name)}).length`);
  writeFileSync(path, `console.log(JSON.stringify({ ${entries.join(", ")} }));`);
  return JSON.parse(execFileSync(process.execPath, [path], { encoding: "utf8", stdio: "pipe" }));
}

describe("the packed packages, installed by npm outside of the workspace", () => {
  it("are all there once, and each is the packed one", () => {
    expect(installed.sources).toHaveLength(PUBLIC_PACKAGES.length);
    for (const source of installed.sources) expect(source).toMatch(/^file:tarballs\/connect-/);
  });

  it("give every entry to an ES module, and the same to require() of a CommonJS file", () => {
    const imported = namesGiven("imports.mjs", (name) => `await import("${name}")`);
    expect(Object.keys(imported)).toEqual(specifiers);
    for (const count of Object.values(imported)) expect(count).toBeGreaterThan(0);
    expect(namesGiven("requires.cjs", (name) => `require("${name}")`)).toEqual(imported);
  });
});

describe("applications of the packed packages", () => {
  // "Libraries and all": the declarations in the packages are checked, too, of all that can be imported, for no
  // application needs all of it. Those of Next.js itself do not pass.
  beforeAll(() => {
    const lines = specifiers
      .filter((name) => !name.startsWith("@connect/next"))
      .map((name, index) => `export * as entry${index} from "${name}";\n`);
    writeFileSync(join(installed.directory, "entries.ts"), lines.join(""));
  });

  describe.each(VERSIONS)("in the eyes of %s", (version) => {
    it.concurrent("are right where modules are resolved as Node does it, libraries and all", async () => {
      expect(await compile(version, installed.directory, ["-p", ".", "--noEmit"])).toBe("");
    });

    it.concurrent("are right where a bundler resolves modules, libraries and all", async () => {
      const bundler = ["-p", ".", "--noEmit", "--module", "esnext", "--moduleResolution", "bundler"];
      expect(await compile(version, installed.directory, bundler)).toBe("");
    });

    it.concurrent("are right with Next.js", async () => {
      expect(await compile(version, installed.directory, ["-p", "next"])).toBe("");
    });
  });

  describe("that run", () => {
    let authkit: LocalAuthKit;
    beforeAll(async () => {
      const directory = join(installed.directory, "next");
      const env = { ...process.env, WORKOS_API_KEY: "any", NEXT_TELEMETRY_DISABLED: "1" };
      execFileSync(process.execPath, [...NEXT, "build"], { cwd: directory, env, stdio: "pipe" });
      // The quickest; what it emits is the same.
      await compile("typescript-7", installed.directory, ["-p", "."]);
      const { startLocalAuthKit } =
        installed.load<typeof import("@connect/local-authkit")>("@connect/local-authkit");
      authkit = await startLocalAuthKit({ port: 0, resources: [AUDIENCE] });
    });
    afterAll(() => authkit?.close());

    it.each(APPLICATIONS)("sign users in, and answer clients: one $name", async ({ folder, start }) => {
      const { drive } = installed.load<typeof import("@connect/testing/drive")>("@connect/testing/drive");
      const { url, stop } = await serve(join(installed.directory, folder), start, {
        AUTHKIT_URL: authkit.url,
        WORKOS_API_URL: authkit.url,
        WORKOS_API_KEY: authkit.apiKey,
      });
      try {
        authkit.setLoginUri(`${url}/auth/login`);
        const user = { fields: { email: "ada@example.com", password: "correct horse" } };
        const { tokens, claims } = await drive({ authkit, user, resource: AUDIENCE });
        expect(authkit.users.find(String(claims?.sub))?.externalId).toBe("ada");

        const answer = await fetch(`${url}/api/me`, {
          headers: { authorization: `Bearer ${tokens?.accessToken}` },
        });
        expect([answer.status, await answer.json()]).toEqual([200, { subject: claims?.sub }]);
        const refusal = await fetch(`${url}/api/me`);
        expect([refusal.status, refusal.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
      } finally {
        await stop();
      }
    });
  });
});
