import { createApplication, type ScriptedAuthKit, startScriptedAuthKit } from "@connect/adapter-contract";
import { loginRoute, requireToken, resourceRoute } from "@connect/next";
import { afterAll, beforeAll, expect, it } from "vitest";

let authkit: ScriptedAuthKit;
let application: ReturnType<typeof createApplication>;
beforeAll(async () => {
  authkit = await startScriptedAuthKit();
  application = createApplication(authkit.url);
});
afterAll(() => authkit?.close());

const ORIGIN = "http://localhost:3000";

/** A route handler of an application's, called by its own test with nothing of Next's. */
function createGet(basePath?: string) {
  const { login, loginOptions, onError } = application;
  return loginRoute(login, {
    ...loginOptions,
    basePath,
    authenticate: (request: Request, context) => application.authenticate(request.headers, context),
    onError,
  });
}

it("the Login URI answers a plain Request, with and without a session", async () => {
  const GET = createGet();
  const wayBack = "/auth/login?external_auth_id=ext_plain";
  const away = await GET(new Request(ORIGIN + wayBack));
  expect(away.headers.get("location")).toBe(`/sign-in?return_to=${encodeURIComponent(wayBack)}`);
  const back = await GET(new Request(ORIGIN + wayBack, { headers: { cookie: "session=ada" } }));
  expect(back.headers.get("location")).toMatch(authkit.url);
  expect(authkit.completions).toHaveLength(1);
});

it("the way back has the basePath, which the address of such a Request has not", async () => {
  const away = await createGet("/product")(new Request(`${ORIGIN}/auth/login?external_auth_id=ext_base`));
  expect(away.headers.get("location")).toBe(
    `/sign-in?return_to=${encodeURIComponent("/product/auth/login?external_auth_id=ext_base")}`,
  );
});

it("a guarded route and the resource's documents take a plain Request, too", async () => {
  const { verifier, resource } = application;
  const GET = requireToken(verifier, {}, async (request: Request, { subject }) =>
    Response.json({ subject, url: request.url }),
  );
  const url = `${ORIGIN}/api/me`;
  const headers = { authorization: `Bearer ${await authkit.token()}` };
  expect(await (await GET(new Request(url, { headers }), {})).json()).toEqual({ subject: "user_ada", url });
  expect((await GET(new Request(url), {})).status).toBe(401);
  const published = await resourceRoute(resource).GET(new Request(resource.metadataUrl));
  expect(await published.json()).toMatchObject({ resource: resource.metadata.resource });
});
