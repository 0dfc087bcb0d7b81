import { expect, it, onTestFinished } from "vitest";
import { callApi } from "../src/api.js";
import { listen } from "../src/listen.js";
import { type Account, AuthKitStrategy, CALLBACK_PATH, createPassportApp } from "../src/passport.js";
import { Person } from "../src/person.js";
import { openScene } from "../src/scene.js";

it("passport-oauth2 signs a user in to an Express application, calls the API and refreshes", async () => {
  const scene = await openScene({ callbackPaths: [CALLBACK_PATH] });
  onTestFinished(scene.close);
  const partner = await listen();
  onTestFinished(partner.close);
  const strategy = new AuthKitStrategy(scene, partner.url);
  const accounts: Account[] = [];
  partner.answer(createPassportApp(strategy, (account) => accounts.push(account)));

  const person = new Person();
  const home = await person.authorize(`${partner.url}/login`, "south");
  expect([home.url, home.status]).toEqual([`${partner.url}/`, 200]);
  expect(person.authorization.get("code_challenge_method")).toBe("S256");
  const [account] = accounts;
  expect(account?.profile.email).toBe("ada@example.com");
  const me = await callApi(scene, String(account?.accessToken));
  expect(me).toEqual({ subject: account?.profile.sub, workspace: "south" });

  const renewed = await strategy.refresh(String(account?.refreshToken));
  expect(renewed.refreshToken).not.toBe(account?.refreshToken);
  expect(renewed.accessToken).not.toBe(account?.accessToken);
  expect(await callApi(scene, String(renewed.accessToken))).toEqual(me);
});
