import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type RawAnswer,
  sendRaw,
  TOKEN_ATTACKS,
  type TokenAttack,
  writeRequest,
} from "@connect/adapter-contract/attack-list";
import { askForJson, NoAnswer } from "../http.js";
import { type Finding, findingsOf } from "./finding.js";
import { createStrangersForge, NeedsIssuersKey } from "./forge.js";
import type { Setup } from "./setup.js";
import { isBroken } from "./trouble.js";
import { isAnswered, judgeAttack, statusOf } from "./verdict.js";

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
    const todo =
      authkitUrl === undefined
        ? "Set AUTHKIT_URL as the server has it."
        : "What is said of AuthKit and its keys comes first.";
    return [warning("keys", "No attack: AuthKit's keys are not known.", todo)];
  }
  const path = url.pathname + url.search;
  // Undefined where nobody takes the connection.
  const attempt = (written: Parameters<typeof writeRequest>[2]) =>
    sendRaw(url.href, writeRequest(url.host, path, written)).catch(() => undefined);
  const open = await attempt({});
  if (open?.statuses[0] !== 401) return [notClosed(open)];
  if (good !== undefined) {
    const answer = await attempt({ headers: [`Authorization: Bearer ${good}`] });
    if (!isOpen(answer)) {
      const todo = isBrokenOrSilent(answer) ? LOOK_AT_LOG : "connect token explain says why.";
      return [
        failure("good", `The token on stdin is not let in: it is answered with ${statusOf(answer)}.`, todo),
      ];
    }
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
    for (const [at, { what, status, write }] of TOKEN_ATTACKS.entries()) {
      progress(`Attacking, ${at + 1} of ${TOKEN_ATTACKS.length} ...`);
      const written = await writeOrLeave(write, forge);
      if (written === undefined) continue;
      sent += 1;
      const verdict = await judgeAttack(
        await attempt(written),
        { what, mayHangUp: isForServer(status), judge: (answer) => judge(what, answer) },
        { subject: "attack", sendPlain: () => attempt({}) },
      );
      findings.push(...verdict.findings);
      if (verdict.isLast) return findings;
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

const LOOK_AT_LOG = "Look at the application's log.";

function notClosed(answer: RawAnswer | undefined): Finding {
  const todo = isBrokenOrSilent(answer)
    ? "Look whether the application runs at this address, and at its log."
    : "Give the address of a route behind requireToken that answers to GET. If it is the Login URI, say so with --login-uri.";
  return failure(
    "closed",
    `Without a token it is answered with ${statusOf(answer)}, not 401: attacks would show nothing.`,
    todo,
  );
}

function judge(what: string, answer: RawAnswer): Finding[] {
  if (isOpen(answer)) return [failure("let-in", `Let in: ${what}.`, "Put requireToken before this route.")];
  return isBrokenOrSilent(answer)
    ? [failure("broken", `Answered with ${answer.statuses.join(", ")}: ${what}.`, LOOK_AT_LOG)]
    : [];
}

function isOpen(answer: RawAnswer | undefined): boolean {
  return answer?.statuses.some((status) => status >= 200 && status < 400) ?? false;
}

function isBrokenOrSilent(answer: RawAnswer | undefined): boolean {
  return !isAnswered(answer) || answer.statuses.some(isBroken);
}

/** What a server refuses before any application is asked, as broken HTTP. */
function isForServer(status: TokenAttack["status"]): boolean {
  return status === "refused" || (typeof status === "object" && "node" in status);
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
  const answer = await askForJson(jwksUrl);
  const keys: unknown = answer instanceof NoAnswer ? undefined : Object(answer.json).keys;
  return Array.isArray(keys) ? keys.find((key) => Object(key).kty === "RSA") : undefined;
}
