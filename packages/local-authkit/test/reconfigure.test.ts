import { describe, expect, it } from "vitest";

import { ADA, authorization, Browser, begin, complete, PUBLIC, start, tokensFor } from "./harness.js";

const ADA_HERE = { id: ADA.id, email: ADA.email };
const BOB_HERE = { id: "app-2", email: "bob@example.com" };

describe("other options for a running AuthKit", () => {
  it("count from now on; what is kept stays, and open logins go on", async () => {
    const authkit = await start();
    const external_auth_id = await begin(new Browser(), authorization(authkit));
    authkit.reconfigure({
      loginUri: "http://other.test/login",
      users: [ADA_HERE],
      clients: [{ clientId: "client_new", name: "New", redirectUris: ["http://localhost/cb"] }],
    });
    expect((await complete(authkit, { external_auth_id, user: ADA })).status).toBe(200);
    const known = authorization(authkit, { client_id: "client_new", redirect_uri: "http://localhost/cb" });
    expect((await new Browser().request(known.url)).location).toContain("http://other.test/login?");
    const gone = authorization(authkit, { client_id: PUBLIC });
    expect((await new Browser().request(gone.url)).location).toContain("application_not_found");
    expect(authkit.clients.map(({ clientId }) => clientId)).toEqual(["client_new"]);
  });

  it("keep their ids: of users, and of clients that stay", async () => {
    const authkit = await start({ users: [ADA_HERE] });
    const { id } = authkit.users.findByExternalId(ADA.id) ?? {};
    authkit.reconfigure({ users: [{ ...ADA_HERE, name: "Ada, anew" }] });
    expect(authkit.users.findByExternalId(ADA.id)).toMatchObject({ id, name: "Ada, anew" });
    expect((await tokensFor(authkit)).status).toBe(200);
  });

  it("may let two users change their e-mail addresses", async () => {
    const authkit = await start({ users: [ADA_HERE, { ...BOB_HERE, emailLocked: true }] });
    authkit.reconfigure({
      users: [
        { ...ADA_HERE, email: BOB_HERE.email },
        { ...BOB_HERE, email: ADA_HERE.email },
      ],
    });
    expect(authkit.users.findByExternalId(BOB_HERE.id)?.email).toBe(ADA_HERE.email);
    const external_auth_id = await begin(new Browser(), authorization(authkit));
    const user = { ...ADA_HERE, email: BOB_HERE.email };
    expect((await complete(authkit, { external_auth_id, user })).status).toBe(200);
  });

  it("change nothing where one of them can't be used", async () => {
    const authkit = await start({ users: [ADA_HERE] });
    const before = [authkit.loginUri, authkit.users.all(), authkit.clients, authkit.switches];
    const users = [BOB_HERE, { id: "app-3", email: ADA.email.toUpperCase() }];
    const refused = [
      { users, loginUri: "http://other.test/" },
      { loginUri: "http://other.test/", clients: [] as never, port: -1 },
    ];
    for (const options of refused)
      expect(() => authkit.reconfigure(options)).toThrow(/^(users must not have|port)/);
    expect([authkit.loginUri, authkit.users.all(), authkit.clients, authkit.switches]).toEqual(before);
  });
});
