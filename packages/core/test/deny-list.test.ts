import { afterEach, describe, expect, it, vi } from "vitest";
import { createDenyList, memoryStore, type Store } from "../src/index.js";
import { caught, everythingSaidBy } from "./support/errors.js";
import { createTestVerifier, SUBJECT, signToken } from "./support/issuer.js";
import { withAuthorization } from "./support/requests.js";
import { skipPauses } from "./support/time.js";

afterEach(() => {
  vi.restoreAllMocks();
});

const DOWN = "redis://user:s3cr3t@10.0.0.1 is down";

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

  it.each<[how: string, get: Store["get"]]>([
    [
      "throws",
      () => {
        throw new Error(DOWN);
      },
    ],
    ["rejects", () => Promise.reject(new Error(DOWN))],
    ["never answers", () => new Promise(() => {})],
    [
      "says only of one id that it is not denied",
      (key) => (key.includes("subject") ? undefined : Promise.reject()),
    ],
  ])("lets nobody in where its store %s, and says that nobody knows", async (_, get) => {
    skipPauses(1_000);
    const store: Store = { ...memoryStore(), get };
    const onRefusal = vi.fn();
    const { isRevoked } = createDenyList({ store });
    const verifier = createTestVerifier({ isRevoked, onRefusal });
    const error = await caught(() => verifier.verify(token));
    expect(error).toMatchObject({ code: "deny_list_unavailable", status: 503 });
    expect(everythingSaidBy(error)).not.toContain(DOWN);
    const outcome = await verifier.authorize(withAuthorization(`Bearer ${token}`));
    expect(outcome).toMatchObject({ type: "unavailable", error: { code: "deny_list_unavailable" } });
    expect(onRefusal).toHaveBeenCalledOnce();
  });

  it("leaves no timer behind", async () => {
    const set = vi.spyOn(globalThis, "setTimeout");
    const clear = vi.spyOn(globalThis, "clearTimeout");
    await createTestVerifier({ isRevoked: createDenyList().isRevoked }).verify(token);
    for (const { value } of set.mock.results) expect(clear).toHaveBeenCalledWith(value);
    expect(set).toHaveBeenCalled();
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
