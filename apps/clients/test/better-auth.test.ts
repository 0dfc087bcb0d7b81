import { getRequestListener } from "@hono/node-server";
import { expect, it, onTestFinished } from "vitest";
import { callApi } from "../src/api.js";
import { type BetterAuthAccount, CALLBACK_PATH, createBetterAuthApp } from "../src/better-auth.js";
import { listen } from "../src/listen.js";
import { Person } from "../src/person.js";
import { openScene } from "../src/scene.js";

it("better-auth signs a user in, calls the API and refreshes", async () => {
  const scene = await openScene({ callbackPaths: [CALLBACK_PATH] });
  onTestFinished(scene.close);
  const partner = await listen();
  onTestFinished(partner.close);
  partner.answer(getRequestListener(createBetterAuthApp(scene, partner.url).fetch));

  const person = new Person();
  const home = await person.authorize(`${partner.url}/login`, "south");
  expect([home.url, home.status]).toEqual([`${partner.url}/account`, 200]);
  expect(person.authorization.get("code_challenge_method")).toBe("S256");
  expect(person.authorization.get("nonce")).not.toBeNull();
  const account: BetterAuthAccount = JSON.parse(home.document.text);
  expect(account.email).toBe("ada@example.com");
  const me = await callApi(scene, account.accessToken);
  expect(me).toEqual({ subject: account.subject, workspace: "south" });

  const page = await person.browser.open(`${partner.url}/refresh`);
  const renewed: BetterAuthAccount = JSON.parse(page.document.text);
  expect(renewed.accessToken).not.toBe(account.accessToken);
  expect(await callApi(scene, renewed.accessToken)).toEqual(me);
});
