import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { compile, readSource, SOURCES } from "./support/sources.js";

/** For each file of src, all that it imports, types included. A new import is a decision: it is taken here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "api-access.ts": ["config.ts", "ports.ts"],
  "base64url.ts": [],
  "bounds.ts": [],
  "config.ts": ["errors.ts", "events.ts", "ports.ts"],
  "connections/connections.ts": [
    "api-access.ts",
    "config.ts",
    "errors.ts",
    "events.ts",
    "http.ts",
    "login/user.ts",
    "valibot",
  ],
  "errors.ts": [],
  "events.ts": ["errors.ts"],
  "get-json.ts": ["bounds.ts", "ports.ts"],
  "http.ts": ["api-access.ts", "bounds.ts", "errors.ts", "ofetch"],
  "index.ts": [
    "api-access.ts",
    "connections/connections.ts",
    "errors.ts",
    "events.ts",
    "login/completion.ts",
    "login/confirm.ts",
    "login/consent-option.ts",
    "login/consent.ts",
    "login/form.ts",
    "login/login.ts",
    "login/resume.ts",
    "login/route.ts",
    "login/stray.ts",
    "login/user.ts",
    "mcp/auth-info.ts",
    "memory-store.ts",
    "outcome.ts",
    "ports.ts",
    "raw-headers.ts",
    "reply.ts",
    "resource/resource.ts",
    "token/claims.ts",
    "token/deny-list.ts",
    "token/introspection.ts",
    "token/merge-claims.ts",
    "token/requirements.ts",
    "token/stored-keys.ts",
    "token/token-slot.ts",
    "token/verifier.ts",
  ],
  "login/completion.ts": [
    "errors.ts",
    "http.ts",
    "login/consent.ts",
    "login/fault.ts",
    "login/user.ts",
    "valibot",
  ],
  "login/confirm.ts": [
    "errors.ts",
    "login/form.ts",
    "login/memo.ts",
    "login/seal.ts",
    "login/user.ts",
    "outcome.ts",
    "ports.ts",
  ],
  "login/consent-option.ts": ["config.ts", "login/consent.ts", "login/fault.ts", "ports.ts", "valibot"],
  "login/consent.ts": ["valibot"],
  "login/derived-key.ts": [],
  "login/exchange.ts": ["api-access.ts", "bounds.ts", "errors.ts", "events.ts", "http.ts"],
  "login/external-auth-id.ts": ["errors.ts", "login/request-path.ts", "ports.ts"],
  "login/fault.ts": ["valibot"],
  "login/fingerprint.ts": [],
  "login/form.ts": ["bounds.ts", "ports.ts"],
  "login/keyed-fingerprint.ts": ["login/derived-key.ts"],
  "login/login.ts": [
    "api-access.ts",
    "config.ts",
    "errors.ts",
    "events.ts",
    "login/completion.ts",
    "login/confirm.ts",
    "login/exchange.ts",
    "login/external-auth-id.ts",
    "login/fingerprint.ts",
    "login/form.ts",
    "login/memo.ts",
    "login/navigation.ts",
    "login/report.ts",
    "login/resume.ts",
    "login/seal.ts",
    "login/visit.ts",
    "outcome.ts",
    "ports.ts",
  ],
  "login/memo.ts": [
    "bounds.ts",
    "errors.ts",
    "login/fingerprint.ts",
    "login/seal.ts",
    "memory-store.ts",
    "ports.ts",
  ],
  "login/navigation.ts": ["errors.ts", "ports.ts"],
  "login/report.ts": ["errors.ts", "events.ts", "login/keyed-fingerprint.ts", "outcome.ts"],
  "login/request-path.ts": ["ports.ts"],
  "login/resume.ts": ["config.ts", "login/external-auth-id.ts", "login/seal.ts", "outcome.ts", "ports.ts"],
  "login/route.ts": ["config.ts", "errors.ts", "login/form.ts", "login/login.ts", "outcome.ts"],
  "login/seal.ts": ["login/derived-key.ts", "jose/jwt/decrypt", "jose/jwt/encrypt"],
  "login/stray.ts": [
    "config.ts",
    "errors.ts",
    "login/external-auth-id.ts",
    "login/navigation.ts",
    "login/request-path.ts",
    "outcome.ts",
    "ports.ts",
  ],
  "login/user.ts": ["valibot"],
  "login/visit.ts": [
    "errors.ts",
    "login/external-auth-id.ts",
    "login/request-path.ts",
    "login/resume.ts",
    "outcome.ts",
    "ports.ts",
  ],
  "mcp/auth-info.ts": ["resource/resource.ts", "token/claims.ts"],
  "memory-store.ts": ["ports.ts"],
  "node/index.ts": ["node:crypto", "ports.ts"],
  "otel/index.ts": ["@opentelemetry/api", "events.ts", "otel/signal.ts"],
  "otel/signal.ts": ["@opentelemetry/api", "errors.ts", "events.ts"],
  "outcome.ts": ["errors.ts", "token/claims.ts"],
  "page.ts": [],
  "ports.ts": [],
  "raw-headers.ts": [],
  "reply.ts": ["errors.ts", "outcome.ts", "page.ts"],
  "resource/mirror.ts": ["errors.ts", "events.ts", "get-json.ts", "ports.ts"],
  "resource/resource.ts": [
    "config.ts",
    "errors.ts",
    "events.ts",
    "outcome.ts",
    "ports.ts",
    "resource/mirror.ts",
  ],
  "token/bearer.ts": ["errors.ts", "ports.ts", "token/jwt.ts"],
  "token/cache.ts": ["token/claims.ts", "token/key-set.ts"],
  "token/challenge.ts": ["config.ts", "errors.ts", "outcome.ts"],
  "token/claims.ts": ["ports.ts", "token/jwt.ts"],
  "token/deny-list.ts": [
    "bounds.ts",
    "config.ts",
    "errors.ts",
    "memory-store.ts",
    "ports.ts",
    "token/claims.ts",
  ],
  "token/introspection.ts": ["config.ts", "errors.ts", "events.ts", "get-json.ts", "ports.ts"],
  "token/jwt.ts": ["base64url.ts", "errors.ts", "ports.ts"],
  "token/key-set.ts": ["base64url.ts", "ports.ts"],
  "token/keys.ts": [
    "bounds.ts",
    "errors.ts",
    "events.ts",
    "get-json.ts",
    "ports.ts",
    "token/jwt.ts",
    "token/key-set.ts",
  ],
  "token/merge-claims.ts": ["ports.ts"],
  "token/requirements.ts": ["config.ts"],
  "token/signatures.ts": ["base64url.ts", "jose", "jose/key/import", "ports.ts"],
  "token/stored-keys.ts": ["config.ts", "ports.ts"],
  "token/token-slot.ts": ["token/claims.ts"],
  "token/tool-scopes.ts": ["config.ts"],
  "token/verifier.ts": [
    "config.ts",
    "errors.ts",
    "events.ts",
    "outcome.ts",
    "ports.ts",
    "token/bearer.ts",
    "token/cache.ts",
    "token/challenge.ts",
    "token/claims.ts",
    "token/introspection.ts",
    "token/jwt.ts",
    "token/key-set.ts",
    "token/keys.ts",
    "token/requirements.ts",
    "token/signatures.ts",
    "token/tool-scopes.ts",
  ],
  "web/index.ts": [
    "login/login.ts",
    "login/route.ts",
    "login/stray.ts",
    "reply.ts",
    "resource/resource.ts",
    "token/claims.ts",
    "token/requirements.ts",
    "token/verifier.ts",
  ],
};

/** What a file imports: files of src by their path, packages by their name. */
function importsOf(path: string): string[] {
  const specifiers = readSource(path).matchAll(/(?:\bfrom|\bimport|\brequire\()\s*\(?\s*["']([^"']+)["']/g);
  const resolved = Array.from(specifiers, ([, specifier = ""]) =>
    specifier.startsWith(".")
      ? posix.join(posix.dirname(path), specifier).replace(/\.js$/, ".ts")
      : specifier,
  );
  return [...new Set(resolved)].sort();
}

/** The files that import this package or a folder's files. */
const importersOf = (match: (specifier: string) => boolean) =>
  SOURCES.filter((path) => importsOf(path).some(match));

describe("the layers of core", () => {
  it("are known for every file, and for none that is gone", () => {
    expect(SOURCES).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it.each(SOURCES)("%s imports what it may, all of it and nothing else", (path) => {
    expect(importsOf(path)).toEqual([...(MAY_IMPORT[path] ?? [])].sort());
  });

  it("keep each library where its errors end", () => {
    expect(importersOf((name) => name.startsWith("jose"))).toEqual(["login/seal.ts", "token/signatures.ts"]);
    expect(importersOf((name) => name.startsWith("ofetch"))).toEqual(["http.ts"]);
    expect(
      importersOf((name) => name.startsWith("@opentelemetry")).every((path) => path.startsWith("otel/")),
    ).toBe(true);
    const validating = importersOf((name) => name.startsWith("valibot"));
    expect(validating).not.toEqual([]);
    expect(validating.filter((path) => !/^(login|connections)\//.test(path))).toEqual([]);
  });

  it("keep login, token and resource strangers to each other", () => {
    const rooms = ["login/", "token/", "resource/"];
    for (const room of rooms) {
      const others = rooms.filter((other) => other !== room);
      const importers = importersOf((name) => name.startsWith(room));
      expect(importers.filter((path) => others.some((other) => path.startsWith(other)))).toEqual([]);
    }
  });

  it.each(["ports.ts", "outcome.ts", "events.ts"])("%s is types and nothing else", (path) => {
    expect(compile(path).trim()).toBe("");
  });

  it.each(SOURCES.filter((path) => !path.startsWith("node/")))(
    "%s needs no Node and no environment",
    (path) => {
      const code = compile(path);
      expect(readSource(path)).not.toMatch(/["']node:/);
      expect(code).not.toMatch(/\b(process|Buffer|require|__dirname|__filename|setImmediate)\b/);
      expect(code).not.toMatch(/import\.meta/);
    },
  );
});
