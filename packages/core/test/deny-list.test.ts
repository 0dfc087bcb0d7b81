import { describe, expect, it } from "vitest";
import { createDenyList, memoryStore, type Store } from "../src/index.js";
import { caught } from "./support/errors.js";
import { createTestVerifier, SUBJECT, signToken } from "./support/issuer.js";

const token = await signToken({ jti: "token_1", sid: "consent_1" });
const sibling = await signToken({ jti: "token_2", sid: "consent_1" });
const other = await signToken({ jti: "token_3", sid: "consent_2" });

/** Which of the three tokens are let in. */
async function letIn(verifier: ReturnType<typeof createTestVerifier>): Promise<boolean[]> {
  const isGood = async (one: string) =>
    verifier.verify(one).then(
      () => true,
      () => false,
    );
  return Promise.all([token, sibling, other].map(isGood));
}

describe("a deny list", () => {
  it.each([
    ["one token", { tokenId: "token_1" }, [false, true, true]],
    ["all that came of a consent", { consentId: "consent_1" }, [false, false, true]],
    ["all of a subject", { subject: SUBJECT }, [false, false, false]],
    ["nobody it does not name", { subject: "user_other" }, [true, true, true]],
  ])("refuses %s, from now until it is allowed again", async (_, what, remaining) => {
    const denyList = createDenyList();
    const verifier = createTestVerifier({ isRevoked: denyList.isRevoked });
    expect(await letIn(verifier)).toEqual([true, true, true]);
    await denyList.deny(what, 300);
    expect(await letIn(verifier)).toEqual(remaining);
    await denyList.allow(what);
    expect(await letIn(verifier)).toEqual([true, true, true]);
  });

  it("mixes up no two kinds of id", async () => {
    const denyList = createDenyList();
    await denyList.deny({ subject: "token_1" }, 300);
    await denyList.deny({ tokenId: "consent_1" }, 300);
    await denyList.deny({ consentId: SUBJECT }, 300);
    expect(await letIn(createTestVerifier({ isRevoked: denyList.isRevoked }))).toEqual([true, true, true]);
  });

  it("is shared by all that have the same store", async () => {
    const store = memoryStore();
    await createDenyList({ store }).deny({ tokenId: "token_1" }, 300);
    const verifier = createTestVerifier({ isRevoked: createDenyList({ store }).isRevoked });
    expect(await letIn(verifier)).toEqual([false, true, true]);
  });

  it("lets nobody in where its store can't be asked", async () => {
    const down = new Error("the store is down");
    const store: Store = { ...memoryStore(), get: () => Promise.reject(down) };
    const verifier = createTestVerifier({ isRevoked: createDenyList({ store }).isRevoked });
    await expect(verifier.verify(token)).rejects.toBe(down);
  });

  it.each([
    [{}, 300],
    [{ tokenId: "" }, 300],
    [{ tokenId: undefined }, 300],
    [{ email: "ada@example.com" }, 300],
    [{ tokenId: "a" }, 0],
    [{ tokenId: "a" }, Number.NaN],
    [{ tokenId: "a" }, Number.POSITIVE_INFINITY],
  ])("denies nothing that it can't hold on to: %j for %s", async (what, seconds) => {
    const error = await caught(() => createDenyList().deny(what as { tokenId: string }, seconds));
    expect(error.code).toBe("invalid_config");
  });

  it("wants a store that is one", async () => {
    const error = await caught(() => createDenyList({ store: {} as Store }));
    expect(error.reason).toMatch(/^store: /);
  });
});

describe("the memory store", () => {
  it("keeps a value for its time and no longer", () => {
    let now = 0;
    const store = memoryStore(() => now);
    store.set("a", "1", 10);
    now = 9_999;
    expect(store.get("a")).toBe("1");
    now = 10_000;
    expect(store.get("a")).toBeUndefined();
  });

  it("has the last value, until it is deleted", () => {
    const store = memoryStore(() => 0);
    store.set("a", "1", 10);
    store.set("a", "2", 10);
    store.set("b", "3", 10);
    expect([store.get("a"), store.get("b"), store.get("c")]).toEqual(["2", "3", undefined]);
    store.delete("a");
    expect([store.get("a"), store.get("b")]).toEqual([undefined, "3"]);
  });
});
