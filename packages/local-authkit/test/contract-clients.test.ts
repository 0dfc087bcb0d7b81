import { expect } from "vitest";

import type { LocalAuthKit } from "../src/server.js";
import { contract } from "./contract.js";
import {
  allow,
  authorization,
  Browser,
  exchange,
  PARTNER,
  PUBLIC,
  PUBLIC_CALLBACK,
  signIn,
} from "./harness.js";

const DOCUMENT = {
  client_name: "Documented Client",
  redirect_uris: [PUBLIC_CALLBACK],
  token_endpoint_auth_method: "none",
};

const register = (authkit: LocalAuthKit) =>
  fetch(`${authkit.url}/oauth2/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(DOCUMENT),
  });

contract<"pkce", { without: Record<"confidential" | "public" | "registered", boolean>; isHonoured: boolean }>(
  "pkce",
  "who must use PKCE, and whose is looked at",
  {
    "public-clients": {
      without: { confidential: true, public: false, registered: false },
      isHonoured: true,
    },
    "all-clients": { without: { confidential: false, public: false, registered: false }, isHonoured: true },
    "registered-clients": {
      without: { confidential: true, public: true, registered: false },
      isHonoured: false,
    },
  },
  async (start, { without, isHonoured }) => {
    const authkit = await start({ dynamicClientRegistration: true });
    const { client_id: registered } = await (await register(authkit)).json();
    const clients = { confidential: PARTNER, public: PUBLIC, registered: String(registered) };
    const requestOf = (client_id: string, changes: Record<string, undefined> = {}) =>
      authorization(authkit, {
        client_id,
        ...(client_id !== PARTNER && { redirect_uri: PUBLIC_CALLBACK }),
        ...changes,
      });
    for (const [kind, clientId] of Object.entries(clients) as [keyof typeof clients, string][]) {
      const bare = requestOf(clientId, { code_challenge: undefined, code_challenge_method: undefined });
      const browser = new Browser();
      if (without[kind]) {
        const callback = await allow(authkit, browser, await signIn(authkit, browser, bare));
        const code = callback.searchParams.get("code");
        // PARTNER's secret is added, so that nothing but the verifier is missing.
        expect([kind, (await exchange(authkit, bare, code, { code_verifier: "" })).status]).toEqual([
          kind,
          200,
        ]);
      } else {
        const { searchParams } = new URL((await browser.request(bare.url)).location);
        expect([kind, searchParams.get("error")]).toEqual([kind, "invalid_request"]);
      }

      const request = requestOf(clientId);
      const visitor = new Browser();
      const callback = await allow(authkit, visitor, await signIn(authkit, visitor, request));
      const wrong = await exchange(authkit, request, callback.searchParams.get("code"), {
        code_verifier: "x".repeat(43),
      });
      const isLookedAt = isHonoured || kind === "registered";
      expect([kind, wrong.status, wrong.body.error]).toEqual(
        isLookedAt ? [kind, 400, "invalid_grant"] : [kind, 200, undefined],
      );
    }
  },
);

contract<"disabledRegistration", [status: number, body: string]>(
  "disabledRegistration",
  "registration that is off is refused in so many words, or not found",
  {
    "403": [
      403,
      '{"error":"dynamic_client_registration_disabled","error_description":"Dynamic client registration is disabled for this environment."}',
    ],
    "404": [404, '{"message":"Not Found"}'],
  },
  async (start, expected) => {
    const authkit = await start();
    const answer = await register(authkit);
    expect([answer.status, await answer.text()]).toEqual(expected);
    const metadata = await fetch(`${authkit.url}/.well-known/oauth-authorization-server`);
    expect(await metadata.json()).not.toHaveProperty("registration_endpoint");
    expect((await register(await start({ dynamicClientRegistration: true }))).status).toBe(201);
  },
);

contract(
  "metadataDocumentAddresses",
  "a metadata document may be on this machine, too, or at https alone",
  { "loopback-too": true, "https-only": false },
  async (start, isLoopbackTaken) => {
    const addresses = {
      "https://client.example.com/client.json": true,
      "http://localhost:1/client.json": isLoopbackTaken,
      "http://127.0.0.1:1/client.json": isLoopbackTaken,
      "http://[::1]:1/client.json": isLoopbackTaken,
      "http://client.example.com/client.json": false,
    };
    const authkit = await start({
      clientIdMetadataDocuments: true,
      metadataDocuments: Object.fromEntries(
        Object.keys(addresses).map((client_id) => [client_id, { ...DOCUMENT, client_id }]),
      ),
    });
    for (const [client_id, isTaken] of Object.entries(addresses)) {
      const { url } = authorization(authkit, { client_id, redirect_uri: PUBLIC_CALLBACK });
      const { location } = await new Browser().request(url);
      expect([client_id, new URL(location).searchParams.get("error")]).toEqual([
        client_id,
        isTaken ? null : "application_not_found",
      ]);
    }
  },
);
