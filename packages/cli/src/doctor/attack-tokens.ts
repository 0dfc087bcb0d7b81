import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  sendRaw,
  TOKEN_ATTACKS,
  type TokenAttack,
  writeRequest,
} from "@connect/adapter-contract/attack-list";
import { ask } from "../http.js";
import { type Finding, findingsOf } from "./finding.js";
import { createStrangersForge, NeedsIssuersKey } from "./forge.js";
import type { Setup } from "./setup.js";

const { ok, info, warning, failure } = findingsOf("attack");

/** Sends bad tokens, and good ones in odd writings, to a route that wants a token. None may be let in, and none may break it. */
export async function attackTokens(
  url: URL,
  good: string | undefined,
  { authkitUrl, audience = url.origin }: Setup,
  jwksUrl: string | undefined,
  progress: (text: string) => void,
): Promise<Finding[]> {
  const jwk = await readKey(jwksUrl);
  if (authkitUrl === undefined || jwk === undefined) {
    return [
      warning("keys", "No attack: AuthKit's keys are not known.", "Set AUTHKIT_URL as the server has it."),
    ];
  }
  const path = url.pathname + url.search;
  const attempt = (written: Parameters<typeof writeRequest>[2]) =>
    sendRaw(url.href, writeRequest(url.host, path, written));
  const open = (await attempt({})).statuses[0];
  if (open !== 401) {
    const todo =
      "Give the address of a route behind requireToken that answers to GET. If it is the Login URI, say so with --login-uri.";
    return [
      failure(
        "closed",
        `Without a token it is answered with ${open ?? "nothing"}, not 401: attacks would show nothing.`,
        todo,
      ),
    ];
  }
  if (good !== undefined && !isOpen(await attempt({ headers: [`Authorization: Bearer ${good}`] }))) {
    return [failure("good", "The token on stdin is not let in.", "connect token explain says why.")];
  }

  const stranger = createServer((_, response) => response.end("{}"));
  let strangerWasAsked = 0;
  stranger.on("request", () => {
    strangerWasAsked += 1;
  });
  await once(stranger.listen(0, "127.0.0.1"), "listening");
  const strangersUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/jwks`;
  const forge = await createStrangersForge({ issuer: authkitUrl, audience, jwk, good, strangersUrl });
  const findings: Finding[] = [];
  let sent = 0;
  try {
    for (const [at, { what, write }] of TOKEN_ATTACKS.entries()) {
      progress(`Attacking, ${at + 1} of ${TOKEN_ATTACKS.length} ...`);
      const written = await writeOrLeave(write, forge);
      if (written === undefined) continue;
      sent += 1;
      findings.push(...judge(what, await attempt(written)));
    }
  } finally {
    stranger.close();
  }
  const leftOut = TOKEN_ATTACKS.length - sent;
  return [
    ...findings,
    ...(strangerWasAsked > 0
      ? [
          failure(
            "stranger",
            "It fetched a key from where a token's header told it to.",
            "Take keys from the issuer alone.",
          ),
        ]
      : []),
    findings.length === 0
      ? ok("refused", `${sent} bad requests: nobody was let in, and nothing broke.`)
      : info("refused", `${sent - findings.length} of ${sent} bad requests were refused, and broke nothing.`),
    info("left-out", `${leftOut} attacks need the issuer's own key, and were left out.`),
    ...(good === undefined
      ? [info("no-token", "Good tokens in odd writings were not tried: give one with --with-token.")]
      : []),
  ];
}

function judge(what: string, answer: Awaited<ReturnType<typeof sendRaw>>): Finding[] {
  if (isOpen(answer)) return [failure("let-in", `Let in: ${what}.`, "Put requireToken before this route.")];
  return answer.statuses.some((status) => status >= 500)
    ? [
        failure(
          "broken",
          `Answered with ${answer.statuses.join(", ")}: ${what}.`,
          "Look at the application's log.",
        ),
      ]
    : [];
}

function isOpen({ statuses }: Awaited<ReturnType<typeof sendRaw>>): boolean {
  return statuses.some((status) => status >= 200 && status < 400);
}

async function writeOrLeave(write: TokenAttack["write"], forge: Parameters<TokenAttack["write"]>[0]) {
  try {
    return await write(forge);
  } catch (error) {
    if (error instanceof NeedsIssuersKey) return undefined;
    throw error;
  }
}

async function readKey(jwksUrl: string | undefined) {
  if (jwksUrl === undefined) return undefined;
  const answer = await ask(jwksUrl);
  const keys: unknown = typeof answer === "object" && Object(answer.json).keys;
  return Array.isArray(keys) ? keys.find((key) => Object(key).kty === "RSA") : undefined;
}
