import * as oauth from "openid-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callApi } from "../src/api.js";
import { begin, discover } from "../src/openid-client.js";
import { Person } from "../src/person.js";
import { client, openScene, type Scene } from "../src/scene.js";
import { WorkOsProcess } from "../src/workos-process.js";

const organizationId = "org_heron";
let scene: Scene;
let workos: WorkOsProcess;
beforeAll(async () => {
  scene = await openScene({ authkit: { organizations: [{ id: organizationId, name: "Heron" }] } });
  workos = new WorkOsProcess(scene.authkit);
});
afterAll(async () => {
  await workos?.close();
  await scene?.close();
});

/** A third party's application, and a secret of its own. */
async function create(name: string) {
  const application = await workos.connect.createApplication({
    applicationType: "oauth",
    name,
    isFirstParty: false,
    organizationId,
    redirectUris: [{ uri: client.redirectUri, default: true }],
  });
  const secret = await workos.connect.createApplicationClientSecret({ id: application.id });
  return { application, secret };
}

async function logIn(config: oauth.Configuration) {
  const login = await begin(config, scene);
  return login.redeem((await new Person().authorize(login.url, "north")).url);
}

describe("applications that @workos-inc/node makes", () => {
  it("are told as they are, by either of their ids", async () => {
    const { application } = await create("Told");
    expect(application).toEqual({
      object: "connect_application",
      id: expect.stringMatching(/^conn_app_/),
      clientId: expect.stringMatching(/^client_/),
      name: "Told",
      description: null,
      applicationType: "oauth",
      redirectUris: [{ uri: client.redirectUri, default: true }],
      usesPkce: false,
      isFirstParty: false,
      wasDynamicallyRegistered: false,
      organizationId,
      scopes: expect.arrayContaining(["openid"]),
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
    });
    expect(await workos.connect.getApplication({ id: application.id })).toEqual(application);
    expect(await workos.connect.getApplication({ id: application.clientId })).toEqual(application);
  });

  it("work at once, and no more once they are deleted", async () => {
    const { application, secret } = await create("Short-lived");
    const config = await discover(scene, { id: application.clientId, secret: secret.secret });
    const tokens = await logIn(config);
    expect((await callApi(scene, tokens.access_token)).workspace).toBe("north");

    await workos.connect.deleteApplication({ id: application.id });
    await expect(workos.connect.getApplication({ id: application.id })).rejects.toMatchObject({
      name: "NotFoundException",
      status: 404,
    });
    await expect(oauth.refreshTokenGrant(config, String(tokens.refresh_token))).rejects.toMatchObject({
      status: 401,
    });
  });

  it("may have a new secret beside the old one, until the old one is deleted", async () => {
    const { application, secret: old } = await create("Rotating");
    const { id } = application;
    const renewed = await workos.connect.createApplicationClientSecret({ id });
    const secrets = await workos.connect.listApplicationClientSecrets({ id });
    expect(secrets.map((secret) => secret.id).sort()).toEqual([old.id, renewed.id].sort());
    for (const secret of secrets) expect(secret).not.toHaveProperty("secret");

    const configs = await Promise.all(
      [old, renewed].map(({ secret }) => discover(scene, { id: application.clientId, secret })),
    );
    for (const config of configs) expect(await logIn(config)).toHaveProperty("access_token");

    await workos.connect.deleteClientSecret({ id: old.id });
    const [stale, current] = configs as [oauth.Configuration, oauth.Configuration];
    await expect(logIn(stale)).rejects.toMatchObject({ status: 401 });
    expect(await logIn(current)).toHaveProperty("access_token");
    expect(await workos.connect.listApplicationClientSecrets({ id })).toMatchObject([{ id: renewed.id }]);
  });

  it("keep what an update does not name", async () => {
    const { application } = await create("Before");
    const updated = await workos.connect.updateApplication({ id: application.clientId, name: "After" });
    expect(updated).toEqual({ ...application, name: "After", updatedAt: expect.any(Date) });

    const redirectUris = ["https://a.example/callback", "https://b.example/callback"].map((uri, index) => ({
      uri,
      default: index === 1,
    }));
    await workos.connect.updateApplication({ id: application.id, redirectUris, scopes: ["openid", "email"] });
    expect(await workos.connect.getApplication({ id: application.id })).toMatchObject({
      name: "After",
      redirectUris,
      scopes: ["openid", "email"],
    });
  });

  it("are listed page by page, the newest first, with those of the configuration", async () => {
    const made = [await create("First"), await create("Second")].map(({ application }) => application.id);
    const page = await workos.connect.listApplications({ limit: 2 });
    expect(page.data.map(({ id }) => id)).toEqual(made.toReversed());
    const next = await workos.connect.listApplications({ after: String(page.listMetadata.after) });
    expect(next.data.map(({ id }) => id)).not.toContain(made[0]);
    const { all } = await workos.connect.listApplications();
    expect(all.map(({ clientId }) => clientId)).toContain(client.id);
    const { all: theirs } = await workos.connect.listApplications({ organizationId });
    expect(theirs.map(({ clientId }) => clientId)).not.toContain(client.id);
  });

  it("may be machines, whose tokens say for which organization", async () => {
    const application = await workos.connect.createM2MApplication("Nightly job", organizationId, null, []);
    expect(application).toMatchObject({ applicationType: "m2m", organizationId });
    const { secret } = await workos.connect.createApplicationClientSecret({ id: application.id });
    const config = await discover(scene, { id: application.clientId, secret });
    const { access_token: token } = await oauth.clientCredentialsGrant(config, { resource: scene.resource });
    expect(JSON.parse(Buffer.from(String(token.split(".")[1]), "base64url").toString())).toMatchObject({
      client_id: application.clientId,
      org_id: organizationId,
      aud: scene.resource,
    });
  });

  it("are refused with an error of the right class", async () => {
    await expect(workos.connect.createOAuthApplication("No organization", false)).rejects.toMatchObject({
      name: "UnprocessableEntityException",
      status: 422,
    });
    await expect(workos.connect.createM2MApplication("Elsewhere", "org_unknown")).rejects.toMatchObject({
      name: "NotFoundException",
    });
    await expect(workos.connect.deleteClientSecret({ id: "secret_unknown" })).rejects.toMatchObject({
      name: "NotFoundException",
    });
    const stranger = new WorkOsProcess({ url: scene.authkit.url, apiKey: "sk_test_other" });
    await expect(stranger.connect.listApplications()).rejects.toMatchObject({
      name: "UnauthorizedException",
    });
    await stranger.close();
  });
});
