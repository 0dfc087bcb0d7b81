import { expect, it, onTestFinished } from "vitest";
import { DriveError, visit } from "../../src/drive/drive.js";
import { startProduct } from "../support/product.js";

async function start() {
  const product = await startProduct({ confirm: true, asksForWorkspace: false });
  onTestFinished(() => product.close());
  const request = new URL(`${product.authkit.issuer}/oauth2/authorize`);
  request.search = new URLSearchParams({
    response_type: "code",
    client_id: "client_local_public",
    redirect_uri: "http://localhost:6274/callback",
    state: "its-own",
    code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    code_challenge_method: "S256",
  }).toString();
  return { authkit: product.authkit, request };
}

const user = { cookie: "session=session-of-eve" };

it("brings another client's authorization back to it", async () => {
  const { authkit, request } = await start();
  const callback = await visit(request, { authkit, user, confirm: true });
  expect(callback.origin + callback.pathname).toBe("http://localhost:6274/callback");
  expect(callback.searchParams.get("state")).toBe("its-own");
  expect(callback.searchParams.has("code")).toBe(true);
});

it("brings a refusal back to the client", async () => {
  const { authkit, request } = await start();
  const callback = await visit(request.href, { authkit, user, deny: true });
  expect(callback.searchParams.get("error")).toBe("access_denied");
});

it("says so where the browser never comes back", async () => {
  const { authkit, request } = await start();
  await expect(visit(request, { authkit, user, confirm: false })).rejects.toThrow(
    /The user said that they did not start this: the client never hears of it\.$/,
  );
});

it("wants to be told where the browser comes back to", async () => {
  const { authkit, request } = await start();
  request.searchParams.delete("redirect_uri");
  await expect(visit(request, { authkit, user })).rejects.toThrow(DriveError);
});
