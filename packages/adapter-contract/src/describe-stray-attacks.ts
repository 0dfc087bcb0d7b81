import { describe, expect, it } from "vitest";
import type { HandoffCase } from "./handoff.js";
import { leadsAway, writeVisit } from "./handoff-attacks.js";
import { headerOf, sendRaw } from "./raw-socket.js";
import { STRAY_ATTACKS } from "./stray-attacks.js";

/** Requests, byte for byte, to a page that is not the Login URI: they lead there, with their id, or nowhere. */
export function describeStrayAttacks(app: HandoffCase): void {
  describe("a page that is not the Login URI, under attack", () => {
    it.each(STRAY_ATTACKS)("leads to the Login URI or nowhere: $what", async (attack) => {
      const { externalAuthId, differences } = app;
      const page = new URL("/stray", app.url);
      const login = { loginUri: page, externalAuthId, cookie: "session=ada", proof: "none" };
      const answer = await sendRaw(page.href, writeVisit(login, attack));
      const location = headerOf(answer, "location");

      // Nobody was asked who is there, and nobody told of an error.
      expect([app.authkit.seen, app.authkit.completions]).toEqual([[], []]);
      if (location !== undefined || differences.errors !== "with the address") {
        expect(answer.text.replaceAll(location ?? "", "")).not.toContain(externalAuthId);
      }

      const otherwise = differences.strays?.[attack.what] ?? differences.visits?.[attack.what];
      if (otherwise) {
        expect(answer.statuses).toEqual(otherwise);
        if (!attack.isOfNoBrowser) expect(leadsAway(location ?? "", page)).toBe(false);
      } else if (location !== undefined) {
        expect(attack.expected).not.toBe("refused");
        expect(attack.write(login).method).toBeUndefined();
        expect(answer.statuses).toEqual([303]);
        const { origin, pathname, searchParams } = new URL(location, app.url);
        expect(origin + pathname).toBe(`${app.url}/auth/login`);
        expect([...searchParams.keys()]).toEqual(["external_auth_id"]);
        expect(searchParams.get("external_auth_id")).toMatch(new RegExp(`^${externalAuthId}\\b`));
      } else if (attack.expected !== "harmless") {
        expect(attack.expected).not.toBe("unmoved");
        expect(answer.statuses.filter((status) => status < 400 || status >= 500)).toEqual([]);
      }
    });
  });
}
