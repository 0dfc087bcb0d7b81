import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Issuer, startIssuer } from "../src/issuer.js";
import { admit, type Subject } from "../src/subject.js";
import { fastJwtCached, ours, peers } from "../src/subjects/index.js";

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterAll(() => issuer.close());

describe("every subject", () => {
  it.each([...ours, fastJwtCached(100), ...peers])(
    "$name accepts good tokens and no bad ones",
    async (subject) => {
      await admit(subject, await subject.prepare(issuer.view), issuer);
    },
  );
});

describe("a subject that does not verify", () => {
  it.each<[string, Subject["prepare"], RegExp]>([
    ["accepts all", () => () => undefined, /accepts a signature of another token/],
    [
      "refuses all",
      () => () => {
        throw new Error("no");
      },
      /refuses a good token/,
    ],
  ])("is not measured: it %s", async (name, prepare, message) => {
    const subject: Subject = { name, packages: [], prepare };
    await expect(admit(subject, await prepare(issuer.view), issuer)).rejects.toThrow(message);
  });
});
