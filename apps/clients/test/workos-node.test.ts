import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi } from "../src/api.js";
import { begin, discover } from "../src/openid-client.js";
import { Person } from "../src/person.js";
import { openScene, type Scene } from "../src/scene.js";
import { WorkOsProcess } from "../src/workos-process.js";
import { choices, workspace } from "../src/workspace.js";

let scene: Scene;
let workos: WorkOsProcess;
beforeAll(async () => {
  scene = await openScene();
  workos = new WorkOsProcess(scene.authkit);
});
afterAll(async () => {
  await workos?.close();
  await scene?.close();
});

const option = {
  claim: workspace.claim,
  type: "enum" as const,
  label: workspace.label,
  choices: [...choices],
};
const grace = { id: "usr_grace", email: "grace@example.com", firstName: "Grace", metadata: { plan: "team" } };

/** A login that has come as far as the Login URI. */
async function visit() {
  const login = await begin(await discover(scene), scene);
  const person = new Person(grace.email);
  const page = await person.browser.open(login.url, `${scene.applicationUrl}/login`);
  return { login, person, externalAuthId: String(new URL(page.url).searchParams.get("external_auth_id")) };
}

describe("@workos-inc/node", () => {
  it("completes a login, and the user goes on to consent and a token that tells the choice", async () => {
    const { login, person, externalAuthId } = await visit();
    const { redirectUri } = await workos.connect.completeOAuth2({
      externalAuthId,
      user: grace,
      userConsentOptions: [option],
    });
    const callback = await person.consent(await person.browser.open(redirectUri), "north");
    const tokens = await login.redeem(callback.url);
    const me = await callApi(scene, tokens.access_token);
    expect(me.workspace).toBe("north");

    const user = await workos.userManagement.getUserByExternalId(grace.id);
    expect(user).toMatchObject({
      id: me.subject,
      email: grace.email,
      firstName: "Grace",
      metadata: grace.metadata,
    });
    expect(await workos.userManagement.getUser(me.subject)).toEqual(user);
  });

  it("tells refusals of a completion apart", async () => {
    const { externalAuthId } = await visit();
    const complete = (options: Partial<Parameters<typeof workos.connect.completeOAuth2>[0]>) =>
      workos.connect.completeOAuth2({ externalAuthId, user: grace, ...options });

    await expect(complete({ externalAuthId: "ext_auth_unknown" })).rejects.toMatchObject({
      name: "NotFoundException",
      status: 404,
    });
    await expect(complete({ userConsentOptions: [{ ...option, choices: [] }] })).rejects.toMatchObject({
      name: "UnprocessableEntityException",
      status: 422,
    });
    await complete({});
    // The SDK has a class for few of the codes; it carries the body along.
    await expect(complete({})).rejects.toMatchObject({
      name: "GenericServerException",
      status: 400,
      code: "external_auth_session_already_completed",
    });
  });
});
