import { describe, expect, it } from "vitest";
import type { HandoffCase } from "./handoff.js";
import { HANDOFF_ATTACKS, type HandoffAttack, leadsAway, MARKUP, writeVisit } from "./handoff-attacks.js";
import { bodyOf, headerOf, type RawAnswer, sendRaw } from "./raw-socket.js";

const ADA = "session=ada";
const STATUSES = { invalid_external_auth_id: 400, method_not_allowed: 405 };

/** The routes of the Login URI; all of them are attacked. */
const ROUTES = ["login", "confirm", "resume"] as const;
type Route = (typeof ROUTES)[number];

/** Where a login may land that missed the Login URI. */
const STRAY = "/stray";

const thatAre = (...expected: HandoffAttack["expected"][]) =>
  HANDOFF_ATTACKS.filter((attack) => expected.includes(attack.expected));

/** Requests, byte for byte, that are no person's visit to the Login URI, or want to lead one elsewhere. */
export function describeHandoffAttacks(app: HandoffCase): void {
  /** With which statuses, where the server answers it before any adapter is asked. */
  const answeredBefore = (attack: HandoffAttack | undefined) => app.differences.visits?.[attack?.what ?? ""];

  async function attempt(
    route: Route | typeof STRAY,
    attack: HandoffAttack | undefined,
    cookie?: string,
    proof = "",
  ): Promise<RawAnswer> {
    const { externalAuthId } = app;
    const loginUri = new URL(route === STRAY ? STRAY : `/auth/${route}`, app.url);
    const answer = await sendRaw(
      loginUri.href,
      writeVisit({ loginUri, externalAuthId, cookie, proof }, attack),
    );
    if (!answeredBefore(attack)) expect(leadsAway(headerOf(answer, "location") ?? "", loginUri)).toBe(false);
    expect(answer.text).not.toContain(MARKUP);
    return answer;
  }

  describe("the handoff under attack", () => {
    it.each(thatAre("refused").filter(({ isForm }) => !isForm))(
      "is refused, and spends nothing: $what",
      async (attack) => {
        const { code } = attack;
        for (const route of ROUTES) {
          const answer = await attempt(route, attack, ADA);
          expectRefused(answer);
          if (code !== undefined) {
            expect(answer.statuses).toEqual([STATUSES[code]]);
            expectPage(answer);
          }
        }
        expectNothingSpent(code);
        // The navigation that follows finds the login as it was.
        expectGoesOn(await attempt("login", undefined, ADA));
      },
    );

    it.each(HANDOFF_ATTACKS.filter(({ isForm }) => isForm))(
      "is refused where a page asks, and not elsewhere either: $what",
      async (attack) => {
        const page = bodyOf(await attempt("confirm", undefined, ADA));
        const proof = /name="proof" value="([^"]+)"/.exec(page)?.[1];
        expect(proof).toBeDefined();
        app.authkit.reset();
        const answer = await attempt("confirm", attack, ADA, proof);
        expect(answer.statuses).toEqual([405]);
        expectPage(answer);
        expectRefused(await attempt("login", attack, ADA, proof));
        expectNothingSpent(attack.code);
      },
    );

    it.each(thatAre("harmless"))("is no visit: $what", async (attack) => {
      for (const route of ROUTES) {
        const answer = await attempt(route, attack, ADA);
        expect(answer.text).not.toContain(app.authkit.url);
        expect(answer.text).not.toContain("/sign-in");
      }
      expectNothingSpent(undefined);
    });

    it.each(thatAre("unmoved", "unmoved or refused"))("does not move a visit: $what", async (attack) => {
      const before = answeredBefore(attack);
      if (before) {
        expect((await attempt("login", attack, ADA)).statuses).toEqual(before);
        return expectNothingSpent(undefined);
      }
      const mayBeRefused = attack.expected === "unmoved or refused";
      const signedOut = await attempt("login", attack);
      if (mayBeRefused && signedOut.statuses[0] !== 303) {
        for (const route of ROUTES) expectRefused(await attempt(route, attack, ADA));
        return expectNothingSpent(undefined);
      }
      const wayBack = wayBackOf(signedOut);
      expect([wayBack.pathname, ...wayBack.searchParams.keys()]).toEqual(["/auth/login", "external_auth_id"]);
      expect(wayBack.searchParams.get("external_auth_id")).toMatch(new RegExp(`^${app.externalAuthId}\\b`));
      const parked = wayBackOf(await attempt("resume", attack));
      expect(parked.pathname).toBe("/auth/resume");
      expect([...parked.searchParams.keys()]).toEqual(["resume"]);

      const stray = await attempt(STRAY, attack, ADA);
      expect(stray.statuses).toEqual([303]);
      const found = new URL(headerOf(stray, "location") ?? "", app.url);
      expect(found.origin + found.pathname).toBe(`${app.url}/auth/login`);
      expect(found.searchParams.get("external_auth_id")).toBe(wayBack.searchParams.get("external_auth_id"));

      const page = await attempt("confirm", attack, ADA);
      expect(page.statuses).toEqual([200]);
      expect(bodyOf(page)).toContain('action="/auth/confirm?external_auth_id=');
      expect(app.authkit.completions).toEqual([]);

      expectGoesOn(await attempt("login", attack, ADA));
      const [{ body } = { body: undefined }] = app.authkit.completions;
      expect(body).toMatchObject({ external_auth_id: wayBack.searchParams.get("external_auth_id") });
    });
  });

  /** Where the sign-in page sends the browser. */
  function wayBackOf(answer: RawAnswer): URL {
    expect(answer.statuses).toEqual([303]);
    const signIn = new URL(headerOf(answer, "location") ?? "", app.url);
    expect(signIn.origin + signIn.pathname).toBe(`${app.url}/sign-in`);
    expect([...signIn.searchParams.keys()]).toEqual(["return_to"]);
    return new URL(signIn.searchParams.get("return_to") ?? "", app.url);
  }

  function expectGoesOn(answer: RawAnswer): void {
    expect(answer.statuses).toEqual([303]);
    expect(headerOf(answer, "location")).toBe(`${app.authkit.url}/oauth2/authorize/complete?state=st_1`);
    expect(app.authkit.completions).toHaveLength(1);
  }

  /** The application is not asked who is there, and is told why where Connect said no. */
  function expectNothingSpent(code: HandoffAttack["code"]): void {
    expect(app.authkit.completions).toEqual([]);
    const told = new Set(app.authkit.seen);
    if (code === undefined) told.delete("error method_not_allowed");
    expect([...told]).toEqual(code === undefined ? [] : [`error ${code}`]);
  }
}

/** With 4xx and no redirect, or by hanging up. */
function expectRefused(answer: RawAnswer): void {
  expect(answer.statuses.filter((status) => status < 400 || status >= 500)).toEqual([]);
  expect(headerOf(answer, "location")).toBeUndefined();
}

function expectPage(answer: RawAnswer): void {
  expect(headerOf(answer, "cache-control")).toBe("no-store");
  expect(headerOf(answer, "content-type")).toMatch("text/html");
}
