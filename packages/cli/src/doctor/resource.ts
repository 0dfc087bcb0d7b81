import { describeDifference } from "../difference.js";
import { type Answer, ask, askForJson, type JsonAnswer } from "../http.js";
import { hasCredentials, isSecure, parseUrl } from "../loopback.js";
import { type Finding, findingsOf, rule } from "./finding.js";
import type { Setup } from "./setup.js";
import { answerOrTrouble, Trouble } from "./trouble.js";

const { ok, info, warning, failure } = findingsOf("resource");

/**
 * What access tokens are made for, and what the resource says of itself (RFC 9728).
 * @param route a route that wants a token, where one is known
 */
export async function checkResource(
  { audience, authkitUrl }: Setup,
  route: URL | undefined,
): Promise<Finding[]> {
  if (audience === undefined) return [];
  const url = parseUrl(audience);
  if (url === undefined) {
    return [
      info(
        "form",
        "The audience is no http or https address: it is taken for the environment's client id, and MCP clients can't use it.",
      ),
    ];
  }
  if (!isSecure(url)) {
    return [failure("form", "The resource is neither https nor on this machine.", "Serve it by https.")];
  }
  if (hasCredentials(url)) return [failure("form", "The resource holds credentials.", "Leave them out.")];
  const slash = audience.endsWith("/");
  const form = rule(
    !slash,
    ok("form", "The resource indicator has no slash at its end."),
    failure(
      "form",
      "The resource indicator ends with a slash.",
      "Register it without: clients leave the slash out, and AuthKit answers invalid_target.",
    ),
  );
  // Section 3.1: the well-known part goes between host and path.
  const metadataUrl = `${url.origin}/.well-known/oauth-protected-resource${url.pathname.replace(/\/$/, "")}${url.search}`;
  const metadata = answerOrTrouble(await askForJson(metadataUrl));
  if (metadata instanceof Trouble)
    return [
      form,
      failure("metadata", `A request for the resource's metadata ${metadata.seen}.`, metadata.todo),
    ];
  return [
    form,
    ...checkMetadata(metadata, audience, authkitUrl),
    ...(await checkChallenge(audience, route, metadataUrl)),
  ];
}

function checkMetadata(answer: JsonAnswer, audience: string, authkitUrl: string | undefined): Finding[] {
  if (answer.status === 404) {
    return [
      warning(
        "metadata",
        "The resource publishes no metadata (RFC 9728): MCP clients can't find AuthKit.",
        "Serve it with createProtectedResource and your framework's resourceRoutes, or leave it if no MCP client comes.",
      ),
    ];
  }
  const metadata = Object(answer.json);
  if (answer.status !== 200 || typeof metadata.resource !== "string") {
    return [
      failure(
        "metadata",
        `The resource's metadata is answered with ${answer.status === 200 ? "something else" : `status ${answer.status}`}.`,
        "Mount resourceRoutes before routes that catch everything, and outside of guards.",
      ),
    ];
  }
  const scopes: unknown = metadata.scopes_supported;
  const missing = ["openid", "offline_access"].filter(
    (scope) => !Array.isArray(scopes) || !scopes.includes(scope),
  );
  const difference = describeDifference(metadata.resource, audience);
  return [
    rule(
      metadata.resource === audience,
      ok("metadata", "The published resource is the expected one, byte for byte."),
      failure(
        "metadata",
        `The published resource differs from CONNECT_AUDIENCE${difference && `, ${difference}`}.`,
        "Give createProtectedResource, createVerifier and AuthKit the same text: tokens are made for it byte for byte.",
      ),
    ),
    ...(authkitUrl === undefined
      ? []
      : [
          rule(
            Array.isArray(metadata.authorization_servers) && metadata.authorization_servers[0] === authkitUrl,
            ok("authorization-server", "It sends clients to this AuthKit."),
            failure(
              "authorization-server",
              "It sends clients to another authorization server than AUTHKIT_URL.",
              "Start the application with the same AUTHKIT_URL.",
            ),
          ),
        ]),
    rule(
      answer.headers.get("access-control-allow-origin") === "*",
      ok("cors", "Clients that run in browsers can read it."),
      warning(
        "cors",
        "Clients that run in browsers can't read it.",
        "Let a proxy pass Access-Control-Allow-Origin on.",
      ),
    ),
    rule(
      missing.length === 0,
      ok("scopes", "It lists the scopes that sign users in for longer than a token lives."),
      warning(
        "scopes",
        `It does not list ${missing.join(" and ")}.`,
        'Some MCP clients ask for what is listed alone, and get no refresh token: scopes: ["openid", "offline_access"].',
      ),
    ),
  ];
}

/** Whether who comes without a token is told where to get one (RFC 6750 section 3). */
async function checkChallenge(
  audience: string,
  route: URL | undefined,
  metadataUrl: string,
): Promise<Finding[]> {
  const own = answerOrTrouble(await ask(audience));
  // The address may be a mere name, or the beginning of others.
  if (own instanceof Trouble || (own.status !== 404 && own.status !== 405))
    return [judgeChallenge(own, metadataUrl)];
  if (route !== undefined) return [judgeChallenge(answerOrTrouble(await ask(route.href)), metadataUrl)];
  return [
    info(
      "challenge",
      `The challenge was not looked at: at the resource's own address GET is answered with ${own.status}.`,
      "Name a route that wants a token with --attack, or one that answers to GET with --resource.",
    ),
  ];
}

function judgeChallenge(answer: Answer | Trouble, metadataUrl: string): Finding {
  if (answer instanceof Trouble)
    return warning("challenge", `A request without a token ${answer.seen}.`, answer.todo);
  const challenge = answer.headers.get("www-authenticate") ?? "";
  if (answer.status !== 401 || !/^bearer\b/i.test(challenge)) {
    return warning(
      "challenge",
      `Without a token it is answered with ${answer.status}${answer.status === 401 ? " and no challenge" : ", not 401"}.`,
      "Put requireToken before anything else that answers.",
    );
  }
  return rule(
    challenge.includes(`resource_metadata="${metadataUrl}"`),
    ok("challenge", "Who comes without a token is told where the metadata is."),
    warning(
      "challenge",
      "The challenge does not say where the metadata is.",
      "Give createVerifier ...resource.verifierConfig.",
    ),
  );
}
