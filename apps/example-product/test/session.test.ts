import { SignJWT, UnsecuredJWT } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSessions } from "../src/index.js";

const secret = "a-secret-of-more-than-32-characters";
const sessions = createSessions(secret);

async function cookieFor(userId: string): Promise<string> {
  return (await sessions.issue(userId)).split(";", 1)[0] ?? "";
}

afterEach(() => {
  vi.useRealTimers();
});

describe("sessions", () => {
  it("read back what they issued", async () => {
    expect(await sessions.readUserId(await cookieFor("usr_ada"))).toBe("usr_ada");
  });

  it("find their cookie among others", async () => {
    const cookie = await cookieFor("usr_ada");
    expect(await sessions.readUserId(`a=1; not_${cookie}x; ${cookie}; b=2`)).toBe("usr_ada");
  });

  it("keep the cookie from scripts and other sites", async () => {
    expect(await sessions.issue("usr_ada")).toMatch(
      /^product_session=[\w.-]+; Max-Age=28800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(sessions.clear()).toBe("product_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");
  });

  it("end after eight hours", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const cookie = await cookieFor("usr_ada");
    vi.setSystemTime(Date.now() + 8 * 3600_000 - 1000);
    expect(await sessions.readUserId(cookie)).toBe("usr_ada");
    vi.setSystemTime(Date.now() + 2000);
    expect(await sessions.readUserId(cookie)).toBeNull();
  });

  it.each([null, "", "other=1", "product_session", "product_session=", "product_session=a.b.c"])(
    "take %j as signed out",
    async (header) => {
      expect(await sessions.readUserId(header)).toBeNull();
    },
  );

  it("refuse a cookie that was changed", async () => {
    const [header, , signature] = (await cookieFor("usr_ada")).split(".");
    const payload = Buffer.from(JSON.stringify({ sub: "usr_grace", exp: 9999999999 })).toString("base64url");
    expect(await sessions.readUserId(`${header}.${payload}.${signature}`)).toBeNull();
  });

  it("refuse another secret's cookie", async () => {
    const other = createSessions("another-secret-of-more-than-32-chars");
    expect(await other.readUserId(await cookieFor("usr_ada"))).toBeNull();
  });

  it("refuse a token without a signature, an end or a user", async () => {
    const key = new TextEncoder().encode(secret);
    const unsigned = new UnsecuredJWT({}).setSubject("usr_ada").setExpirationTime("1h").encode();
    const endless = new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject("usr_ada").sign(key);
    const nobody = new SignJWT().setProtectedHeader({ alg: "HS256" }).setExpirationTime("1h").sign(key);
    for (const token of [unsigned, await endless, await nobody]) {
      expect(await sessions.readUserId(`product_session=${token}`)).toBeNull();
    }
  });
});
