import { expect, it, onTestFinished } from "vitest";
import { callApi } from "../src/api.js";
import { type AuthJsSession, CALLBACK_PATH, createAuthJsApp } from "../src/auth-js.js";
import { listen } from "../src/listen.js";
import { Person } from "../src/person.js";
import { openScene } from "../src/scene.js";

it("Auth.js signs a user in to an Express application, calls the API and refreshes", async () => {
  const scene = await openScene({ callbackPaths: [CALLBACK_PATH] });
  onTestFinished(scene.close);
  const partner = await listen();
  onTestFinished(partner.close);
  let ahead = 0;
  partner.answer(createAuthJsApp(scene, () => Date.now() + ahead));

  const person = new Person();
  const providers = await person.browser.open(`${partner.url}/auth/signin`);
  const home = await person.consent(await person.signIn(await person.browser.submit(providers, {})), "south");
  expect(home.url).toBe(`${partner.url}/`);
  expect(person.authorization.get("code_challenge_method")).toBe("S256");
  expect(person.authorization.get("nonce")).not.toBeNull();
  const session = await readSession();
  expect(session.user).toMatchObject({ email: "ada@example.com", name: "Ada" });
  const me = await callApi(scene, session.accessToken);
  expect(me).toEqual({ subject: session.subject, workspace: "south" });

  // As long as AuthKit's access tokens live.
  ahead = 300_000;
  const renewed = await readSession();
  expect(renewed.refreshToken).not.toBe(session.refreshToken);
  expect(renewed.accessToken).not.toBe(session.accessToken);
  expect(await callApi(scene, renewed.accessToken)).toEqual(me);
  expect(await readSession()).toMatchObject({ accessToken: renewed.accessToken });

  async function readSession(): Promise<AuthJsSession> {
    const page = await person.browser.open(`${partner.url}/auth/session`);
    return JSON.parse(page.document.text);
  }
});
