import { Agent, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ScriptedAuthKit } from "./authkit.js";
import type { Differences } from "./differences.js";
import { type RawAnswer, sendRaw } from "./raw-socket.js";
import { send } from "./send.js";
import { GOOD_REQUESTS, TOKEN_ATTACKS, type TokenAttack } from "./token-attacks.js";
import { createTokenForge, type TokenForge } from "./token-forge.js";
import { writeRequest } from "./written-request.js";

/** What is attacked; known once the tests run. */
interface Attacked {
  readonly app: {
    readonly url: string;
    readonly repeatedHeaders?: "joined" | "first";
    readonly differences?: Differences;
  };
  readonly authkit: ScriptedAuthKit;
}

/** The routes that want a token: one with a bare challenge, one that says where its metadata is. */
const PATHS = ["/api/me", "/mcp"] as const;

/** Requests, byte for byte, that no adapter lets in, and that none lets itself be broken by. */
export function describeTokenAttacks(attacked: () => Attacked): void {
  describe("a token under attack", () => {
    let forge: TokenForge;
    let stranger: Server;
    let strangerWasAsked = 0;

    beforeAll(async () => {
      stranger = createServer((_, response) => {
        strangerWasAsked += 1;
        response.end(JSON.stringify({ keys: [forge.strangersJwk] }));
      });
      await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
      const { port } = stranger.address() as AddressInfo;
      forge = await createTokenForge(attacked().authkit, `http://127.0.0.1:${port}/jwks`);
    });
    afterAll(() => new Promise((resolve) => stranger.close(resolve)));

    async function attempt(
      path: string,
      write: TokenAttack["write"],
    ): Promise<{ sent: string; answer: RawAnswer }> {
      const { url } = attacked().app;
      const sent = writeRequest(new URL(url).host, path, await write(forge));
      return { sent, answer: await sendRaw(url, sent) };
    }

    it.each(GOOD_REQUESTS)("does not change what a good one is: %s", async (_, write) => {
      for (const path of PATHS) {
        const { answer } = await attempt(path, write);
        expect(answer.statuses).toEqual([200]);
        expect(answer.text).toContain('"subject":"user_ada"');
      }
    });

    it("is told from the good one before it and after it on the same connection", async () => {
      const { url, differences } = attacked().app;
      const { host } = new URL(url);
      const good = [`Authorization: Bearer ${forge.good}`];
      const bad = ["Authorization: Bearer a.b.c"];
      if (differences?.pipelining === "closed") return expectToldApartInTurn(url, forge.good);
      const all = [good, bad, good, [], good, bad].map((headers) =>
        writeRequest(host, PATHS[0], { headers }),
      );
      const last = all.pop();
      const others = all.map((one) => one.replace("Connection: close", "Connection: keep-alive"));
      const { statuses } = await sendRaw(url, others.join("") + last);
      expect(statuses).toEqual([200, 401, 200, 401, 200, 401]);
    });

    it.each(TOKEN_ATTACKS)(
      "lets nobody in, and harms nobody else: $what",
      async ({ what, status, write }) => {
        const { app, authkit } = attacked();
        const instead = app.differences?.attacks?.[what];
        for (const path of PATHS) {
          const { sent, answer } = await attempt(path, write);
          expect(answer.statuses).toEqual(
            instead ?? expected(status, app.repeatedHeaders ?? "joined", answer),
          );
          expect(echoOf(sent, answer.text)).toEqual([]);
          if (instead === undefined && typeof status === "number" && status < 500)
            expect(answer.text).toMatch(/\r\nwww-authenticate: Bearer/i);
        }
        expect(authkit.seen).toEqual(instead?.includes(200) ? PATHS.map(() => "handler") : []);
        expect(strangerWasAsked).toBe(0);
        const { answer } = await attempt(PATHS[0], GOOD_REQUESTS[0]?.[1] ?? write);
        expect(answer.statuses).toEqual([200]);
      },
    );
  });
}

/** The same requests on one connection, each after the answer to the one before. */
async function expectToldApartInTurn(url: string, goodToken: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: number[] = [];
  for (const token of [goodToken, "a.b.c", goodToken, undefined, goodToken, "a.b.c"]) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    statuses.push((await send(url + PATHS[0], headers, "GET", "", agent)).status);
  }
  agent.destroy();
  expect(statuses).toEqual([200, 401, 200, 401, 200, 401]);
}

function expected(
  status: TokenAttack["status"],
  repeatedHeaders: "joined" | "first",
  { statuses }: RawAnswer,
): readonly number[] {
  if (status === "refused") return statuses.filter((one) => one >= 400 && one < 500);
  if (typeof status === "number") return [status];
  return ["node" in status ? status.node : status[repeatedHeaders]];
}

/** Pieces of the tokens that were sent, wherever they stood, that come back. */
function echoOf(sent: string, text: string): string[] {
  return [...sent.matchAll(/[\w-]{20,}/g)].map(([piece]) => piece).filter((piece) => text.includes(piece));
}
