import { beforeAll, describe, expect, it } from "vitest";

import { createAdapterFactory } from "../src/adapter.js";
import { Applications } from "../src/applications.js";
import { importOidc, type OidcErrors } from "../src/oidc.js";
import { RecentMap } from "../src/recent-map.js";
import { State } from "../src/state.js";

let errors: OidcErrors;
beforeAll(async () => {
  ({ errors } = await importOidc());
});
async function createAdapter() {
  const state = await State.open(Date.now);
  return createAdapterFactory(errors, new Applications(state, Date.now), state, Date.now)("RefreshToken");
}

describe("the store of oidc-provider", () => {
  it("lets one of two uses pass, even where both were looked up before", async () => {
    const adapter = await createAdapter();
    await adapter.upsert("a", { grantId: "g" }, 60);
    await Promise.all([adapter.find("a"), adapter.find("a")]);
    const uses = await Promise.allSettled([adapter.consume("a"), adapter.consume("a")]);
    expect(uses.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    await expect(adapter.consume("unknown")).rejects.toMatchObject({ error: "invalid_grant" });
  });

  it("revokes what belongs to a grant, and nothing else", async () => {
    const adapter = await createAdapter();
    await adapter.upsert("a", { grantId: "g" }, 60);
    await adapter.upsert("b", { grantId: "h" }, 60);
    await adapter.revokeByGrantId("g");
    expect([await adapter.find("a"), await adapter.find("b")]).toEqual([undefined, { grantId: "h" }]);
  });
});

describe("a collection whose entries expire", () => {
  it("keeps more than a thousand, and forgets them when their time is over", async () => {
    let now = 0;
    const map = (await State.open(() => now)).collection<number>("numbers");
    for (let i = 0; i < 5000; i += 1) map.set(`${i}`, i, 10);
    map.set("forever", 1);
    now = 9_999;
    expect([map.get("0"), map.get("4999")]).toEqual([0, 4999]);
    now = 10_000;
    expect([map.get("0"), map.get("4999"), map.get("forever")]).toEqual([undefined, undefined, 1]);
  });
});

describe("a map of limited size", () => {
  it("forgets what was used longest ago, and only once it is full", () => {
    const map = new RecentMap<number>(3);
    for (const key of ["a", "b", "c"]) map.set(key, 1);
    map.get("a");
    map.set("b", 2);
    map.set("d", 1);
    expect(["a", "b", "c", "d"].map((key) => map.get(key))).toEqual([1, 2, undefined, 1]);
  });
});
