import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { DriveError, type DriveOptions, drive } from "../../src/drive/drive.js";
import { type Product, type ProductOptions, startProduct } from "../support/product.js";

const ADA = { fields: { email: "ada@example.com", password: "ada-password" } };
const EVE = { cookie: "theme=dark; session=session-of-eve" };
const US = { "urn:example:tenant": "prod_us" };

async function start(options?: ProductOptions): Promise<Product> {
  const product = await startProduct(options);
  onTestFinished(() => product.close());
  return product;
}

/** The walk's own failure. */
async function failureOf(options: DriveOptions): Promise<DriveError> {
  const error = await drive(options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof DriveError) return error;
  throw new Error(`no DriveError: ${error}`);
}

describe("drive", () => {
  it("goes from the client to the sign-in form, over consent, to tokens that the API takes", async () => {
    const { authkit, url } = await start();
    const { tokens, claims, steps, denied } = await drive({ authkit, user: ADA, choose: US });

    expect(denied).toBeUndefined();
    expect(claims).toMatchObject({ iss: authkit.issuer, "urn:example:tenant": "prod_us" });
    expect(tokens).toMatchObject({
      idToken: expect.any(String),
      refreshToken: expect.any(String),
      expiresIn: 300,
    });
    const headers = { authorization: `Bearer ${tokens.accessToken}` };
    const response = await fetch(`${url}/api/me`, { headers });
    expect([response.status, (await response.json()).sub]).toEqual([200, claims.sub]);
    expect(steps.map(({ who, method, path, status }) => `${who} ${method} ${path} ${status}`)).toEqual([
      "authkit GET /oauth2/authorize 302",
      "application GET /auth/login 303",
      "application GET /sign-in 200",
      "application POST /sign-in 303",
      "application GET /auth/login 303",
      "authkit GET /oauth2/authorize/complete 302",
      "authkit GET /oauth2/authorize/:id 302",
      "authkit GET /oauth2/consent/:id 200",
      "authkit POST /oauth2/consent/:id 303",
      "authkit GET /oauth2/authorize/:id 302",
      "authkit POST /oauth2/token 200",
    ]);
  });

  it("picks the organization on AuthKit's page", async () => {
    const organizations = ["Acme", "Globex & Sons"].map((name, index) => ({
      id: `org_${index}`,
      name,
      members: ["eve"],
    }));
    const { authkit } = await start({ authkit: { organizations } });
    const { claims } = await drive({ authkit, user: EVE, choose: US, organization: "Globex & Sons" });
    expect(claims).toMatchObject({ org_id: "org_1" });
  });

  it("begins with a session that is there, and shows it to the application alone", async () => {
    const { authkit, seen } = await start();
    const { claims } = await drive({ authkit, user: EVE, choose: US });
    expect(authkit.users.find(String(claims.sub))?.externalId).toBe("eve");
    expect(seen).toEqual([{ path: "/auth/login", cookie: EVE.cookie, user: "" }]);
  });

  it("begins with headers that name the user", async () => {
    const { authkit, seen } = await start();
    const { claims } = await drive({ authkit, user: { headers: { "x-user": "mia" } }, choose: US });
    expect(authkit.users.find(String(claims.sub))?.externalId).toBe("mia");
    expect(seen).toEqual([{ path: "/auth/login", cookie: "", user: "mia" }]);
  });

  it("lets a function sign in by a script's request, and go on", async () => {
    const { authkit } = await start();
    const { claims } = await drive({
      authkit,
      choose: US,
      user: async (page, browser) => {
        const body = JSON.stringify({ email: "zoe@example.com" });
        await browser.fetch("/api/session", { method: "POST", body });
        await browser.open(new URL(page.url).searchParams.get("return_to") ?? "");
      },
    });
    expect(authkit.users.find(String(claims.sub))?.externalId).toBe("zoe");
  });

  it("lets a function fill in a form of its choice", async () => {
    const { authkit } = await start();
    const { claims } = await drive({
      authkit,
      choose: { "urn:example:tenant": "prod_eu" },
      user: async (page, browser) => {
        const form = page.forms[1];
        if (form !== undefined) await browser.submit(form, ADA.fields);
      },
    });
    expect(claims["urn:example:tenant"]).toBe("prod_eu");
  });

  it("asks for what the client asks for", async () => {
    const { authkit } = await start({
      asksForWorkspace: false,
      authkit: {
        resources: ["https://api.example.com/notes"],
        clients: [
          {
            clientId: "client_partner",
            clientSecret: "partner_secret",
            name: "Partner",
            redirectUris: ["https://partner.example/callback"],
            scopes: ["notes:read"],
            firstParty: true,
          },
        ],
      },
    });
    const { claims, tokens } = await drive({
      authkit,
      client: {
        clientId: "client_partner",
        clientSecret: "partner_secret",
        redirectUri: "https://partner.example/callback",
      },
      user: ADA,
      scope: "notes:read",
      resource: "https://api.example.com/notes",
    });
    expect(claims).toMatchObject({
      aud: "https://api.example.com/notes",
      scope: "notes:read",
      client_id: "client_partner",
    });
    expect([tokens.idToken, tokens.refreshToken]).toEqual([undefined, undefined]);
  });

  it("denies on AuthKit's page", async () => {
    const { authkit } = await start();
    const result = await drive({ authkit, user: ADA, deny: true });
    expect(result.denied).toBe("consent");
    expect(result).not.toHaveProperty("tokens");
    expect(result.steps.at(-1)).toMatchObject({ who: "authkit", status: 302 });
  });

  it("goes on from the page that asks first, where it comes", async () => {
    const { authkit } = await start({ confirm: true });
    for (const confirm of [undefined, true] as const) {
      const { steps } = await drive({ authkit, user: EVE, choose: US, confirm });
      expect(steps.map(({ method, path }) => `${method} ${path}`)).toContain("POST /auth/login");
    }
  });

  it.each([undefined, "/home"])("says there that nobody started this (fallback %s)", async (fallbackUrl) => {
    const { authkit } = await start({ confirm: true, ...(fallbackUrl && { fallbackUrl }) });
    const result = await drive({ authkit, user: ADA, confirm: false });
    expect(result.denied).toBe("confirmation");
    expect(result.steps.at(-1)).toMatchObject({ who: "application", status: fallbackUrl ? 200 : 403 });
  });
});

describe("a walk that fails", () => {
  const secrets = /ext_auth|session-of-eve|ada-password|ada@|state=|code=|eyJ/;
  const failures: DriveError[] = [];
  afterEach(() => {
    for (const { message, steps, stack } of failures.splice(0)) {
      expect(message + stack + JSON.stringify(steps)).not.toMatch(secrets);
    }
  });

  async function fails(product: Product, options: Omit<DriveOptions, "authkit">): Promise<string> {
    const failure = await failureOf({ authkit: product.authkit, ...options });
    failures.push(failure);
    return failure.message.replaceAll(product.url, "<app>").replaceAll(product.authkit.issuer, "<authkit>");
  }

  it("says that the password is wrong", async () => {
    const user = { fields: { email: "ada@example.com", password: "wrong" } };
    expect(await fails(await start(), { user, choose: US })).toBe(
      "Step 4, application: POST <app>/sign-in answered 401. Expected the login to go on, but the application still asks to sign in.",
    );
  });

  it("says that the sign-in page has no such fields", async () => {
    expect(await fails(await start(), { user: { fields: { email: "a", otp: "1" } } })).toBe(
      "Step 3, application: GET <app>/sign-in answered 200. Expected a form with the fields email, otp.",
    );
  });

  it("says that the session is not known", async () => {
    expect(await fails(await start(), { user: { cookie: "session=stale" } })).toBe(
      "Step 3, application: GET <app>/sign-in answered 200. Expected the application to know its user by what was sent along, and to complete the login at <authkit>.",
    );
  });

  it("says that the application refused what it was sent", async () => {
    const product = await start();
    product.authkit.setLoginUri(`${product.url}/nowhere`);
    for (const user of [ADA, EVE]) {
      expect(await fails(product, { user })).toBe(
        "Step 2, application: GET <app>/nowhere answered 404. The application refused this, or its framework did: its log says why.",
      );
    }
  });

  it("says that the application failed, and asks no more of it", async () => {
    const product = await start();
    product.authkit.setLoginUri(`${product.url}/broken`);
    for (const user of [ADA, EVE, async () => {}]) {
      expect(await fails(product, { user })).toBe(
        "Step 2, application: GET <app>/broken answered 500. The application failed: its log says why.",
      );
    }
  });

  it("says which AuthKit it is, where the application talks to another", async () => {
    const product = await start({ fallbackUrl: "/home" });
    const other = await start();
    other.authkit.setLoginUri(`${product.url}/auth/login`);
    expect(await fails({ ...product, authkit: other.authkit }, { user: ADA })).toBe(
      "Step 6, application: GET <app>/home answered 200. Expected the login to go on after signing in. Does the sign-in page send the browser to return_to? Then the application's log says why it does not complete the login at <authkit>.",
    );
  });

  it("says that a function did not sign in", async () => {
    expect(await fails(await start(), { user: async () => {} })).toContain(
      "the application still asks to sign in",
    );
  });

  it("says what the consent page asks for, doesn't ask for, and doesn't offer", async () => {
    const product = await start();
    const page = /^Step 5, authkit: GET <authkit>\/oauth2\/consent\/:id answered 200\. /;
    const all = [
      await fails(product, { user: EVE }),
      await fails(product, { user: EVE, choose: { ...US, "urn:other": "x" } }),
      await fails(product, { user: EVE, choose: { "urn:example:tenant": "prod_zz" } }),
    ];
    for (const message of all) expect(message).toMatch(page);
    expect(all.map((message) => message.replace(page, ""))).toEqual([
      "The consent page asks for urn:example:tenant: say what is chosen (choose).",
      "The consent page does not ask for urn:other.",
      "The consent page does not offer this value for urn:example:tenant.",
    ]);
  });

  it("says that a page which was to be answered never came", async () => {
    const partner = {
      clientId: "own",
      name: "Own",
      redirectUris: ["http://localhost/callback"],
      firstParty: true,
    };
    const product = await start({ asksForWorkspace: false, authkit: { clients: [partner] } });
    const client = { clientId: "own", redirectUri: "http://localhost/callback" };
    const walks: [Partial<DriveOptions>, string][] = [
      [{ choose: US }, "AuthKit's consent page (users who allowed a client before are not asked again)"],
      [{ deny: true }, "AuthKit's consent page (users who allowed a client before are not asked again)"],
      [{ confirm: true }, "the page that asks before the login is completed"],
      [{ confirm: false }, "the page that asks before the login is completed"],
      [{ organization: "org_1" }, "AuthKit's page of organizations"],
    ];
    for (const [options, page] of walks) {
      expect(await fails(product, { client, user: EVE, ...options })).toContain(
        `Expected ${page}, but it never came.`,
      );
    }
  });

  it("says so also where the user denied", async () => {
    expect(await fails(await start(), { user: EVE, deny: true, confirm: true })).toContain(
      "Expected the page that asks before the login is completed, but it never came.",
    );
  });

  it("says what AuthKit told the client", async () => {
    const message = await fails(await start(), { user: ADA, scope: "openid notes:delete" });
    expect(message).toContain("AuthKit sent the browser to the client with the error invalid_scope.");
  });

  it("says what AuthKit told the user", async () => {
    const client = { clientId: "nobody", redirectUri: "http://localhost/callback" };
    expect(await fails(await start(), { user: ADA, client })).toBe(
      "Step 2, authkit: GET <authkit>/oauth2/error answered 200. Expected the Login URI, the consent page or the client, but AuthKit says: Application not found.",
    );
  });

  it("says that the token endpoint refused", async () => {
    const product = await start({ authkit: { resources: ["https://api.example.com"] } });
    const message = await fails(product, { user: EVE, choose: US, resource: "https://other.example.com" });
    expect(message).toBe(
      "Step 8, authkit: POST <authkit>/oauth2/token answered 400. Expected tokens for the code, but the error invalid_target. Is the resource registered with this AuthKit?",
    );
  });

  it("says that nobody listens at the Login URI", async () => {
    const gone = await startProduct();
    const product = await start();
    product.authkit.setLoginUri(`${gone.url}/auth/login?from=authkit`);
    await gone.close();
    expect((await fails(product, { user: ADA })).replace(gone.url, "<gone>")).toBe(
      "Step 1, authkit: GET <authkit>/oauth2/authorize answered 302. Then GET <gone>/auth/login came to no answer (ECONNREFUSED). Is the application up, and on this port?",
    );
  });

  it("says that the Login URI is another page", async () => {
    const product = await start();
    product.authkit.setLoginUri(`${product.url}/home`);
    expect(await fails(product, { user: ADA })).toBe(
      "Step 2, application: GET <app>/home answered 200. Expected a form with the fields email, password.",
    );
  });
});
