import { EncryptJWT } from "jose";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSeal } from "../src/login/seal.js";

const START = 1_800_000_000_000;
const CONTENT = { id: "ext_auth_1" };

beforeEach(() => {
  vi.setSystemTime(START);
});

afterEach(() => {
  vi.useRealTimers();
});

/** The key that a secret makes for a purpose, as other versions of the SDK make it, too. */
async function keyOf(secret: string, purpose: string): Promise<Uint8Array> {
  const text = new TextEncoder();
  const raw = await crypto.subtle.importKey("raw", text.encode(secret), "HKDF", false, ["deriveBits"]);
  const info = text.encode(`@connect/core ${purpose}`);
  const settings = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(settings, raw, 256));
}

const jwt = (enc = "A256GCM") => new EncryptJWT(CONTENT).setProtectedHeader({ alg: "dir", enc });

describe("a seal", () => {
  it("opens what it closed, until its time is over", async () => {
    const seal = createSeal(["secret"], "resume");
    const text = await seal.close(CONTENT, 60);
    vi.setSystemTime(START + 59_999);
    expect(await seal.open(text)).toMatchObject(CONTENT);
    vi.setSystemTime(START + 60_000);
    expect(await seal.open(text)).toBeUndefined();
  });

  it("closes the same content each time anew", async () => {
    const seal = createSeal(["secret"], "resume");
    expect(await seal.close(CONTENT, 60)).not.toBe(await seal.close(CONTENT, 60));
  });

  it("opens nothing that was closed for another purpose", async () => {
    const text = await createSeal(["secret"], "memo").close(CONTENT, 60);
    expect(await createSeal(["secret"], "confirmation").open(text)).toBeUndefined();
    expect(await createSeal(["secret"], "memo").open(text)).toMatchObject(CONTENT);
  });

  it("opens what other processes and versions close with the same secret", async () => {
    const text = await jwt()
      .setExpirationTime("1 minute")
      .encrypt(await keyOf("secret", "resume"));
    expect(await createSeal(["secret"], "resume").open(text)).toMatchObject(CONTENT);
  });

  it("opens nothing without an end, and nothing that is encrypted in another way", async () => {
    const key = await keyOf("secret", "resume");
    const seal = createSeal(["secret"], "resume");
    expect(await seal.open(await jwt().encrypt(key))).toBeUndefined();
    const other = await jwt("A128CBC-HS256").setExpirationTime("1 minute").encrypt(key);
    expect(await seal.open(other)).toBeUndefined();
  });

  it("opens no key that came with the text", async () => {
    const seal = createSeal(["secret"], "resume");
    const header = { alg: "A256GCMKW", enc: "A256GCM" };
    const wrapped = new EncryptJWT(CONTENT).setProtectedHeader(header).setExpirationTime("1 minute");
    expect(await seal.open(await wrapped.encrypt(await keyOf("secret", "resume")))).toBeUndefined();
  });

  it("looks at no text that is longer than any it closes", async () => {
    const seal = createSeal(["secret"], "resume");
    let [longest, next] = ["", ""];
    for (let length = 6_000; next.length <= 8_192; length++) {
      longest = next;
      next = await seal.close({ pad: "x".repeat(length) }, 60);
    }
    expect(longest).toHaveLength(8_192);
    expect(await seal.open(longest)).toBeDefined();
    expect(await seal.open(next)).toBeUndefined();
  });

  it("opens with each of its secrets, and closes with the first", async () => {
    const [first, second] = [createSeal(["first"], "resume"), createSeal(["second"], "resume")];
    const both = createSeal(["first", "second"], "resume");
    expect(await both.open(await second.close(CONTENT, 60))).toMatchObject(CONTENT);
    const text = await both.close(CONTENT, 60);
    expect(await first.open(text)).toMatchObject(CONTENT);
    expect(await second.open(text)).toBeUndefined();
  });
});
