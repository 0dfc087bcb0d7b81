import { once } from "node:events";
import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from "node:http2";
import type { AddressInfo } from "node:net";
import { AUDIENCE, type ScriptedAuthKit, startScriptedAuthKit } from "@connect/adapter-contract";
import { createLogin, createVerifier } from "@connect/core";
import { loginRoutes, requireToken } from "@connect/fastify";
import Fastify from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface Http2Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What HTTP/2 says otherwise: the host, and that a body comes. */
describe("Fastify on HTTP/2", () => {
  const app = Fastify({ http2: true });
  let authkit: ScriptedAuthKit;
  let client: ClientHttp2Session;
  let origin: string;

  beforeAll(async () => {
    authkit = await startScriptedAuthKit();
    const login = createLogin({ apiKey: "sk_test", authkitUrl: authkit.url, apiUrl: authkit.url });
    const verifier = createVerifier({ issuer: authkit.url, audience: AUDIENCE });
    const tools = requireToken(verifier, { toolScopes: { delete_note: ["notes:write"] } });
    app.register(
      loginRoutes(login, {
        path: "/auth/login",
        signInUrl: "/sign-in",
        confirm: true,
        resume: { secret: "a secret of the test's, long enough" },
        authenticate: () => ({ user: { id: "usr_ada", email: "ada@example.com" } }),
      }),
    );
    app.post("/mcp", { onRequest: requireToken(verifier), preHandler: tools }, () => "in");
    await app.listen({ port: 0, host: "127.0.0.1" });
    origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
    client = connect(origin);
  });
  afterAll(async () => {
    client?.close();
    await app.close();
    await authkit?.close();
  });

  async function ask(path: string, headers: IncomingHttpHeaders = {}, sent?: string): Promise<Http2Answer> {
    const method = sent === undefined ? "GET" : "POST";
    const request = client.request({ ":path": path, ":method": method, ...headers });
    request.end(sent);
    const [answer] = await once(request, "response");
    let body = "";
    for await (const chunk of request.setEncoding("utf8")) body += chunk;
    return { status: answer[":status"], headers: answer, body };
  }

  it("takes the answer of the page that asks, from an older browser too, and its parked login", async () => {
    const page = await ask("/auth/login?external_auth_id=ext_h2");
    const proof = /name="proof" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    const [cookie = ""] = page.headers["set-cookie"] ?? [];
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      // Each in a field of its own, as browsers send them in HTTP/2.
      cookie: ["theme=dark", cookie.split(";", 1)[0] ?? ""] as unknown as string,
    };
    const form = new URLSearchParams({ proof, answer: "continue" }).toString();
    const forged = await ask("/auth/login", { ...headers, origin: "https://evil.example" }, form);
    expect(forged.status).toBe(405);
    const answer = await ask("/auth/login", { ...headers, origin }, form);
    expect(answer.headers.location).toBe(`${authkit.url}/oauth2/authorize/complete?state=st_1`);
  });

  it("tells a client without a token that it needs one", async () => {
    expect((await ask("/mcp", {}, "{}")).headers["www-authenticate"]).toBe("Bearer");
  });

  it("lets no call of a tool by that no header announces", async () => {
    const authorization = `Bearer ${await authkit.token()}`;
    const call = JSON.stringify({ method: "tools/call", params: { name: "delete_note" } });
    expect((await ask("/mcp", { authorization }, call)).status).toBe(415);
    expect((await ask("/mcp", { authorization, "content-type": "application/json" }, call)).status).toBe(403);
    expect((await ask("/mcp", { authorization, "content-type": "application/json" }, "{}")).body).toBe("in");
  });
});
