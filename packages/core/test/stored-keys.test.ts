import { describe, expect, it, vi } from "vitest";
import { memoryStore, type Store, type StoredKeys, storedKeys } from "../src/index.js";
import { caught } from "./support/errors.js";
import { createTestVerifier, ISSUER, JWKS, NOW, serveKeys, signToken } from "./support/issuer.js";

const token = await signToken();
const keys = { jwks: JWKS, uat: NOW * 1000 } as StoredKeys;

/** A verifier that can't reach its issuer. */
const cutOff = (store: Store, name = ISSUER) =>
  createTestVerifier({
    keysCache: storedKeys(store, name),
    fetch: () => Promise.reject(new TypeError("no network")),
  });

describe("stored keys", () => {
  it("let a verifier start where AuthKit can't be reached", async () => {
    const store = memoryStore();
    await expect(cutOff(store).verify(token)).rejects.toMatchObject({ code: "jwks_unavailable" });
    await createTestVerifier({ keysCache: storedKeys(store, ISSUER) }).verify(token);
    expect(await cutOff(store).verify(token)).toMatchObject({ issuer: ISSUER });
  });

  it("are the same that were written, under the name that they were written by", async () => {
    const store = memoryStore();
    await storedKeys(store, ISSUER).write(keys);
    expect(await storedKeys(store, ISSUER).read()).toEqual(keys);
    expect(await storedKeys(store, "https://other.authkit.app").read()).toBeUndefined();
  });

  it("are kept for as long as a verifier could go by them", async () => {
    let now = 0;
    const store = memoryStore(() => now);
    await storedKeys(store, ISSUER).write(keys);
    now = 86_999_999;
    expect(await storedKeys(store, ISSUER).read()).toEqual(keys);
    now += 1;
    expect(await storedKeys(store, ISSUER).read()).toBeUndefined();
  });

  it.each([
    "",
    "{",
    "null",
    "5",
    '"text"',
    "[]",
    "{}",
    JSON.stringify({ jwks: JWKS }),
    JSON.stringify({ jwks: JWKS, uat: "now" }),
    JSON.stringify({ jwks: null, uat: 1 }),
    JSON.stringify({ jwks: { keys: {} }, uat: 1 }),
  ])("are not there where the store has %j", async (text) => {
    const store: Store = { ...memoryStore(), get: () => text };
    expect(await storedKeys(store, ISSUER).read()).toBeUndefined();
    const fetch = vi.fn(serveKeys);
    const verifier = createTestVerifier({ keysCache: storedKeys(store, ISSUER), fetch });
    await verifier.verify(token);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it("are fetched as ever where the store is down", async () => {
    const down = () => Promise.reject(new Error("the store is down"));
    const store: Store = { get: down, set: down, delete: down };
    const verifier = createTestVerifier({ keysCache: storedKeys(store, ISSUER) });
    expect(await verifier.verify(token)).toMatchObject({ issuer: ISSUER });
  });

  it.each<[what: string, store: unknown, name: unknown, reason: RegExp]>([
    ["a store", undefined, ISSUER, /^store: /],
    ["a store that is one", {}, ISSUER, /^store: /],
    ["a name", memoryStore(), undefined, /^name: /],
    ["a name that is not empty", memoryStore(), "", /^name: /],
  ])("want %s", async (_, store, name, reason) => {
    const error = await caught(() => storedKeys(store as Store, name as string));
    expect(error).toMatchObject({ code: "invalid_config", reason: expect.stringMatching(reason) });
  });
});
