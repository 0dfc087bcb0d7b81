import assert from "node:assert/strict";
import { inspect, parseArgs, styleText } from "node:util";
import { decodeJwt } from "jose";
import { startCompletionTap } from "./completion-tap.js";
import { type Example, examples } from "./example.js";
import type { Exchange } from "./http-browser.js";
import { audience, launch, redirectUri } from "./launch.js";
import { begin, callApi, discover, redeem, refresh, Visitor } from "./story.js";

/** Puts details under the address of their step. */
const INDENT = " ".repeat(24);

/** The whole story without a browser, each HTTP step printed as it happens. Ends with code 0 only if all of it is right. */
async function demo(example: Example): Promise<void> {
  const tap = await startCompletionTap(({ path, request, status, response }) => {
    say("completion", "POST", `${tap.target}${path}`, status);
    show("the application sends", request);
    show("and is answered", response);
  });
  const launched = await launch(example, {
    apiUrl(authkitUrl) {
      tap.target = authkitUrl;
      return tap.url;
    },
  });
  try {
    await story(launched);
  } finally {
    await launched.close();
    await tap.close();
  }

  async function story({ authkit, exampleUrl }: Awaited<ReturnType<typeof launch>>): Promise<void> {
    console.log(
      `${bold("AuthKit")}      ${authkit.url}\n${bold("Application")}  ${exampleUrl}  (example-${example})\n`,
    );
    const visitor = new Visitor((exchange) =>
      say(nameOf(exchange), exchange.method, exchange.url, exchange.status),
    );
    const config = await discover(authkit.issuer);

    heading("The client sends the browser to AuthKit, AuthKit to the application's Login URI");
    const begun = await begin(config);
    const signInPage = await visitor.start(begun);
    assert.equal(new URL(signInPage.url).pathname, "/sign-in");

    heading("Ada signs in; the application completes the login; AuthKit asks for consent");
    const consentPage = await visitor.signIn(signInPage);
    assert.equal(new URL(consentPage.url).origin, authkit.issuer);
    const choices = consentPage.document
      .querySelectorAll("option, input[type=radio]")
      .map((option) => option.getAttribute("value"));
    assert.ok(choices.includes("prod_us"));

    heading("Ada chooses US-East under Production and allows; AuthKit sends the browser back with a code");
    const callback = await visitor.allow(consentPage, "prod_us");
    assert.ok(callback.url.startsWith(redirectUri));

    heading("The client redeems the code");
    const tokens = await redeem(config, callback.url, begun);
    say("token", "POST", `${authkit.issuer}/oauth2/token`, 200);
    const claims = decodeJwt(tokens.access_token);
    show("access token claims", claims);
    show("ID token claims", tokens.claims());
    assert.equal(claims.aud, audience);
    assert.equal(claims["urn:example:tenant"], "prod_us");

    heading("The client calls the API");
    const answer = await callApi(exampleUrl, tokens.access_token);
    say("API", "GET", `${exampleUrl}/api/me`, answer.status);
    show("the API answers", answer.body);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.body, {
      subject: claims.sub,
      scopes: String(claims.scope).split(" "),
      tenant: "prod_us",
    });

    heading("The client refreshes: a new token, the choice kept");
    const refreshed = await refresh(config, String(tokens.refresh_token));
    say("token", "POST", `${authkit.issuer}/oauth2/token`, 200);
    const newClaims = decodeJwt(refreshed.access_token);
    assert.notEqual(newClaims.jti, claims.jti);
    assert.equal(newClaims["urn:example:tenant"], "prod_us");
    const again = await callApi(exampleUrl, refreshed.access_token);
    say("API", "GET", `${exampleUrl}/api/me`, again.status);
    assert.equal(again.status, 200);

    console.log(`\n${bold("Every step was what it should be.")}`);
  }
}

/** What an address is to the story, by its path. */
function nameOf({ url }: Exchange): string {
  const { pathname } = new URL(url);
  if (pathname === "/auth/login") return "Login URI";
  if (pathname === "/sign-in") return "sign-in";
  if (pathname === "/oauth2/authorize/complete") return "continue";
  return /consent|interaction/.test(pathname) ? "consent" : "authorize";
}

function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

function say(name: string, method: string, url: string, status: number): void {
  const { origin, pathname, searchParams } = new URL(url);
  console.log(
    `  ${name.padEnd(10)} ${status}  ${method.padEnd(4)} ${origin}${pathname.replace(/[^/]{24,}/g, cut)}`,
  );
  // Parameters keep their names; long values, which nobody reads and which may be secrets, are cut.
  for (const [parameter, value] of searchParams) console.log(dim(`${INDENT}${parameter}=${cut(value)}`));
}

function show(title: string, value: unknown): void {
  const text = inspect(value, { depth: 8, breakLength: 90, colors: process.stdout.hasColors?.() ?? false });
  console.log(`${INDENT}${dim(title)} ${text.replaceAll("\n", `\n${INDENT}`)}`);
}

function cut(text: string): string {
  return text.length > 36 ? `${text.slice(0, 12)}...` : text;
}

function bold(text: string): string {
  return styleText("bold", text, { stream: process.stdout });
}

function dim(text: string): string {
  return styleText("dim", text, { stream: process.stdout });
}

const { values } = parseArgs({ options: { example: { type: "string", default: "hono" } } });
const example = examples.find((name) => name === values.example);
if (example === undefined) {
  console.error(`--example is one of ${examples.join(", ")}.`);
  process.exit(1);
}
await demo(example);
