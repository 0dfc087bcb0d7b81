import { describe, expect, it } from "vitest";
import { CookieJar } from "../../src/drive/cookie-jar.js";

const APP = new URL("http://localhost:3000/account/settings");
const NOW = 1_000_000;

function jarWith(...headers: string[]): CookieJar {
  const jar = new CookieJar();
  jar.store(headers, APP, NOW);
  return jar;
}

function sentTo(jar: CookieJar, url: string, now = NOW): string {
  return jar.header(new URL(url), now);
}

describe("a cookie", () => {
  it("goes back to where it came from, and to no other port, host or scheme", () => {
    const jar = jarWith("a=1; Path=/");
    expect(sentTo(jar, "http://localhost:3000/")).toBe("a=1");
    expect(sentTo(jar, "http://localhost:3001/")).toBe("");
    expect(sentTo(jar, "http://127.0.0.1:3000/")).toBe("");
    expect(sentTo(jar, "https://localhost:3000/")).toBe("");
  });

  it("goes to its path and what is below, without one to the folder it was set in", () => {
    const jar = jarWith("a=1; Path=/docs", "b=2");
    expect(sentTo(jar, "http://localhost:3000/docs")).toBe("a=1");
    expect(sentTo(jar, "http://localhost:3000/docs/x")).toBe("a=1");
    expect(sentTo(jar, "http://localhost:3000/docsx")).toBe("");
    expect(sentTo(jar, "http://localhost:3000/account")).toBe("b=2");
    expect(sentTo(jar, "http://localhost:3000/account/other")).toBe("b=2");
    expect(sentTo(jar, "http://localhost:3000/")).toBe("");
    const top = new CookieJar();
    top.store(["c=3"], new URL("http://localhost:3000/sign-in"), NOW);
    expect(sentTo(top, "http://localhost:3000/anywhere")).toBe("c=3");
  });

  it("comes before others where its path is longer", () => {
    const jar = jarWith("a=1; Path=/", "a=2; Path=/docs");
    expect(sentTo(jar, "http://localhost:3000/docs")).toBe("a=2; a=1");
  });

  it("replaces the one of its name and path", () => {
    expect(sentTo(jarWith("a=1; Path=/", "a=2; Path=/"), "http://localhost:3000/")).toBe("a=2");
  });

  it("lives as long as Max-Age says, else as long as Expires says", () => {
    const expires = new Date(NOW + 10_000).toUTCString();
    const jar = jarWith(
      "a=1; Path=/; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
      `b=2; Path=/; Expires=${expires}`,
    );
    expect(sentTo(jar, "http://localhost:3000/", NOW + 4_999)).toBe("a=1; b=2");
    expect(sentTo(jar, "http://localhost:3000/", NOW + 5_000)).toBe("b=2");
    expect(sentTo(jar, "http://localhost:3000/", NOW + 10_000)).toBe("");
  });

  it("is taken away by Max-Age=0", () => {
    expect(sentTo(jarWith("a=1; Path=/", "a=; Path=/; Max-Age=0"), "http://localhost:3000/")).toBe("");
  });

  it("keeps all of its value, an equals sign and quotes included", () => {
    expect(sentTo(jarWith('a="b=c=="; Path=/'), "http://localhost:3000/")).toBe('a="b=c=="');
  });

  it("that is Secure is taken on loopback and https alone, as browsers do", () => {
    expect(sentTo(jarWith("a=1; Path=/; Secure"), "http://localhost:3000/")).toBe("a=1");
    const jar = new CookieJar();
    jar.store(["a=1; Path=/; Secure"], new URL("http://app.example/"), NOW);
    expect(sentTo(jar, "http://app.example/")).toBe("");
    jar.store(["a=1; Path=/; Secure"], new URL("https://app.example/"), NOW);
    expect(sentTo(jar, "https://app.example/")).toBe("a=1");
  });

  it("whose name promises something is taken where it holds", () => {
    const jar = jarWith(
      "__Host-a=1; Secure; Path=/",
      "__Host-b=1; Path=/",
      "__Host-c=1; Secure",
      "__Host-d=1; Secure; Path=/; Domain=localhost",
      "__Secure-e=1; Path=/",
      "__Secure-f=1; Path=/; Secure",
    );
    expect(sentTo(jar, "http://localhost:3000/")).toBe("__Host-a=1; __Secure-f=1");
  });

  it("without a name is none", () => {
    expect(sentTo(jarWith("=1; Path=/", "; Path=/"), "http://localhost:3000/")).toBe("");
  });

  it("that was there beforehand is sent to all paths of its origin, until it is set anew", () => {
    const jar = new CookieJar();
    jar.seed("a=1; b=2", "http://localhost:3000");
    expect(sentTo(jar, "http://localhost:3000/docs")).toBe("a=1; b=2");
    expect(sentTo(jar, "http://localhost:4000/docs")).toBe("");
    jar.store(["a=3; Path=/"], APP, NOW);
    expect(sentTo(jar, "http://localhost:3000/docs")).toBe("b=2; a=3");
  });
});
