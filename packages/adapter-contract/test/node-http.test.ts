import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describeAdapter } from "@connect/adapter-contract";
import { createApplication } from "@connect/adapter-contract/application";
import type { AccessToken } from "@connect/core";
import { expect, it } from "vitest";
import { catchStray, loginRoute, requireToken, resourceRoute } from "./node-http.js";

describeAdapter("the adapter in CONTRIBUTING.md", async (authkitUrl) => {
  const application = createApplication(authkitUrl);
  const { login, verifier, resourceVerifier, loginOptions, scopes, toolScopes, describe } = application;
  const route = {
    authenticate: (request: IncomingMessage, context: Parameters<typeof application.authenticate>[1]) =>
      application.authenticate({ get: (name) => String(request.headers[name] ?? "") }, context),
    onError: application.onError,
  };
  const answer = (response: ServerResponse, body: unknown) =>
    void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  const me = async (response: ServerResponse, accessToken: AccessToken) =>
    answer(response, await describe(accessToken));

  const confirmOptions = { ...loginOptions, ...application.confirmOptions };
  const resumeOptions = { ...loginOptions, ...application.resumeOptions };
  const routes: Record<string, ReturnType<typeof loginRoute>> = {
    "/auth/login": loginRoute(login, { ...loginOptions, ...route }),
    "/auth/strict": loginRoute(login, { signInUrl: loginOptions.signInUrl, ...route }),
    "/auth/confirm": loginRoute(login, { ...confirmOptions, ...route }),
    "/auth/resume": loginRoute(login, { ...resumeOptions, ...route }),
    "/stray": catchStray("/auth/login"),
    "/api/me": requireToken(verifier, {}, me),
    "/api/notes": requireToken(verifier, { scopes }, me),
    "/api/unreachable": requireToken(application.verifierWithoutKeys, {}, me),
    "GET /mcp": requireToken(resourceVerifier, {}, me),
    "POST /mcp": requireToken(resourceVerifier, { toolScopes }, async (response, accessToken, readMessage) =>
      answer(response, { ...(await describe(accessToken)), received: await readMessage() }),
    ),
  };
  const published = resourceRoute(application.resource);

  const server = createServer(async (request, response) => {
    const [path = ""] = (request.url ?? "").split("?", 1);
    const listener = routes[path] ?? routes[`${request.method} ${path}`];
    try {
      if (await published(request, response)) return;
      if (await listener?.(request, response)) return;
      response.writeHead(404).end();
    } catch {
      response.writeHead(500).end("handled by the application");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    errorMarker: "handled by the application",
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
});

it("the adapter in CONTRIBUTING.md is the one that is tested", () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");
  expect(read("../../../CONTRIBUTING.md")).toContain(`\`\`\`ts\n${read("node-http.ts")}\`\`\`\n`);
});
