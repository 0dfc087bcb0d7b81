import { type Issuer, startIssuer } from "bench";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DECK, KINDS, type Kind, SHARES } from "../src/kinds.js";
import { APP_URL } from "../src/stage.js";
import { type Answer, type Ask, Traffic } from "../src/traffic.js";

let issuer: Issuer;
let asks: readonly Ask[];
beforeAll(async () => {
  issuer = await startIssuer();
  let tokens = 0;
  const supply = {
    take() {
      tokens += 1;
      return { text: `token-${tokens}`, subject: `user-${tokens}` };
    },
  };
  const traffic = new Traffic({ seed: issuer.seed, apiUrl: "" }, supply, ["session=ada", "session=grace"]);
  asks = Array.from({ length: 1_000 }, () => traffic.take());
});
afterAll(() => issuer.close());

function asksOf(kind: Kind): readonly Ask[] {
  return asks.filter((ask) => ask.kind === kind);
}

function firstOf(kind: Kind): Ask {
  const [ask] = asksOf(kind);
  if (ask === undefined) throw new Error(`there is no request of kind ${kind}`);
  return ask;
}

function goodAnswer({ kind, path, headers }: Ask): Answer {
  const caller = headers["x-load-caller"];
  const id = new URL(path, APP_URL).searchParams.get("external_auth_id");
  switch (kind) {
    case "repeat":
    case "new":
      return { status: 200, headers: {}, body: `{"subject":"${caller}","scopes":[]}` };
    case "garbage":
      return {
        status: 401,
        headers: { "www-authenticate": 'Bearer error="invalid_token"' },
        body: '{"error":"invalid_token","error_description":""}',
      };
    case "metadata":
      return { status: 200, headers: {}, body: `{"resource":"${APP_URL}/mcp"}` };
    case "login": {
      const location = `${issuer.view.url}/oauth2/authorize/complete?ticket=${id}`;
      return { status: 303, headers: { location }, body: "" };
    }
  }
}

describe("the traffic", () => {
  it("has each kind of request in its share, spread over time", () => {
    expect(Object.values(SHARES).reduce((sum, share) => sum + share, 0)).toBe(100);
    for (const kind of KINDS) {
      expect(asksOf(kind)).toHaveLength(SHARES[kind] * 10);
      const half = DECK.slice(0, 50).filter((other) => other === kind).length;
      expect(Math.abs(half - SHARES[kind] / 2), kind).toBeLessThanOrEqual(1);
    }
  });

  it("uses new tokens once, and few others over and over", () => {
    const distinct = (kind: Kind) => new Set(asksOf(kind).map(({ headers }) => headers.authorization)).size;
    expect(distinct("new")).toBe(asksOf("new").length);
    expect(distinct("repeat")).toBe(500);
    expect(new Set(asksOf("login").map(({ path }) => path)).size).toBe(asksOf("login").length);
  });

  it.each(KINDS)("takes the right answer to %s and no other", (kind) => {
    const ask = firstOf(kind);
    const good = goodAnswer(ask);
    expect(ask.fault(good)).toBeUndefined();
    expect(ask.fault({ ...good, status: 500 })).toBe("status 500");
    expect(ask.fault({ ...good, headers: {}, body: "" })).toMatch(/^(other|leads)/);
  });

  it.each(["repeat", "new", "login"] as const)("notices somebody else's answer to %s", (kind) => {
    const [first, second] = asksOf(kind);
    if (first === undefined || second === undefined) throw new Error("there are no two");
    expect(first.fault(goodAnswer(second))).toMatch(/^(other|leads)/);
  });
});
