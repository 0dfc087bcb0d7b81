import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { describe, expect, it } from "vitest";
import { forWorkers } from "../../../bundle.base.js";
import { ERRORS } from "../src/index.js";
import { SRC } from "./support/sources.js";

/** Bundles for a runtime that is not Node, as its own tools do. */
async function bundle(options: BuildOptions) {
  const result = await build({
    ...forWorkers,
    metafile: true,
    absWorkingDir: fileURLToPath(new URL("../", import.meta.url)),
    ...options,
  });
  const [output] = Object.values(result.metafile?.outputs ?? {});
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return {
    code: result.outputFiles?.[0]?.text ?? "",
    imports: output?.imports.map(({ path }) => path),
    inputs: used.map(([path]) => path),
  };
}

const bundleFrom = (contents: string) => bundle({ stdin: { contents, resolveDir: SRC, loader: "ts" } });

const LIBRARIES = ["jose", "ofetch", "valibot"];

const librariesIn = (inputs: readonly string[]) =>
  LIBRARIES.filter((name) => inputs.some((path) => path.includes(`/node_modules/${name}/`)));

describe("a bundle for Workers", () => {
  it.each(["src/index.ts", "src/web/index.ts"])("of %s needs nothing of Node", async (entry) => {
    const { code, imports, inputs } = await bundle({ entryPoints: [entry] });
    expect(inputs).toContain("src/errors.ts");
    expect(imports).toEqual([]);
    expect(code).not.toMatch(/["']node:/);
    expect(code).not.toContain("process.env");
    expect(code).not.toMatch(/\brequire\(/);
  });

  it("of the whole holds all libraries, which the next ones look for", async () => {
    const { code, inputs } = await bundleFrom('export { createLogin, createVerifier } from "./index.js";');
    expect(librariesIn(inputs)).toEqual(LIBRARIES);
    expect(code).toContain("apiKey");
    expect(code).toMatch(/authorization: `Bearer \$\{/);
  });

  it("of the verifier leaves the rest behind also where core comes as one file, as it is published", async () => {
    const published = await bundle({ entryPoints: ["src/index.ts"], packages: "external" });
    expect(published.code).toContain('from "valibot"');
    const asOneFile: Plugin = {
      name: "published",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^core$/ }, () => ({ path: "core", namespace: "published", sideEffects: false }));
        onLoad({ filter: /.*/, namespace: "published" }, () => ({
          contents: published.code,
          resolveDir: SRC,
        }));
      },
    };
    const stdin = { contents: 'export { createVerifier } from "core";', resolveDir: SRC };
    const { inputs } = await bundle({ stdin, plugins: [asOneFile] });
    expect(inputs).toContain("published:core");
    expect(librariesIn(inputs)).toEqual(["jose"]);
  });

  it("of the verifier has the words for its own errors and no others", async () => {
    const { code } = await bundleFrom('export { createVerifier } from "./index.js";');
    const codes = Object.keys(ERRORS).filter((name) => code.includes(`${name}: {`));
    expect(codes).toEqual([
      "invalid_config",
      "missing_token",
      "invalid_request",
      "invalid_token",
      "insufficient_scope",
      "jwks_unavailable",
    ]);
  });

  it("of the verifier knows no API key, and neither valibot nor ofetch", async () => {
    const { code, inputs } = await bundleFrom('export { createVerifier } from "./index.js";');
    expect(librariesIn(inputs)).toEqual(["jose"]);
    expect(inputs.filter((path) => /^src\/(login|http|token\/stored-keys)/.test(path))).toEqual([]);
    expect(code).not.toContain("apiKey");
    expect(code).not.toMatch(/authorization: `Bearer/);
  });

  it("of the resource's metadata has no library at all, and knows no API key", async () => {
    const { code, inputs } = await bundleFrom('export { createProtectedResource } from "./index.js";');
    expect(librariesIn(inputs)).toEqual([]);
    expect(inputs.filter((path) => /^src\/(login|token|http)/.test(path))).toEqual([]);
    expect(code).not.toContain("apiKey");
  });

  it("of the login has all libraries, and nothing that checks tokens", async () => {
    const { inputs } = await bundleFrom('export { createLogin } from "./index.js";');
    expect(librariesIn(inputs)).toEqual(LIBRARIES);
    expect(inputs.filter((path) => path.startsWith("src/token"))).toEqual([]);
  });
});

describe("core's start", () => {
  it("does not load what few need: jose's encryption, and ofetch", async () => {
    const { outputs } = (
      await build({
        ...forWorkers,
        entryPoints: [`${SRC}/index.ts`],
        splitting: true,
        outdir: "unwritten",
        metafile: true,
      })
    ).metafile;
    const begun = Object.values(outputs).find(({ entryPoint }) => entryPoint?.endsWith("src/index.ts"));
    const loaded = new Set<string>();
    const load = (output: typeof begun) => {
      for (const path of Object.keys(output?.inputs ?? {})) loaded.add(path);
      for (const { path, kind } of output?.imports ?? [])
        if (kind === "import-statement") load(outputs[path]);
    };
    load(begun);
    const libraries = [...loaded].flatMap(
      (path) => /node_modules\/((?:jose|ofetch|valibot)\/.*)/.exec(path)?.[1] ?? [],
    );
    expect(librariesIn([...loaded])).toEqual(["jose", "valibot"]);
    expect(libraries.filter((path) => /encrypt|decrypt/.test(path))).toEqual([]);
  });
});

describe("a bundle of the package, as an application's own tools make it", () => {
  const application = (options: BuildOptions) =>
    bundle({
      stdin: {
        contents: 'import { createLogin } from "@connect/core"; console.log(createLogin);',
        resolveDir: SRC,
      },
      ...options,
    });

  it("for browsers fails, and says why: it would carry the API key to everybody", async () => {
    const built = application({ conditions: ["browser"] });
    await expect(built).rejects.toThrow(/holds an API key and runs on servers only/);
  });

  it.each<[what: string, options: BuildOptions]>([
    ["Node", { platform: "node" }],
    ["Workers", { conditions: forWorkers.conditions }],
    ["an edge runtime", { conditions: ["edge-light", "browser"] }],
    ["Deno", { conditions: ["deno"] }],
    ["Bun", { conditions: ["bun"] }],
    ["a runtime that nobody knows", { conditions: [] }],
  ])("for %s holds the login", async (_, options) => {
    expect((await application(options)).code).toContain("/authkit/oauth2/complete");
  });
});
