import { InvalidTokenError } from "@modelcontextprotocol/sdk/server/auth/errors.js";
import { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
import type { OAuthTokenVerifier } from "@modelcontextprotocol/sdk/server/auth/provider.js";
import type { Request, Response } from "express";
import { createRemoteJWKSet, jwtVerify } from "jose";
import type { IssuerView } from "../issuer.js";
import type { Subject } from "../subject.js";

/** The gate leaves verifying to the application; with jose, as its examples do. */
function mcpVerifier({ url, audience, jwksUrl }: IssuerView): OAuthTokenVerifier {
  const keys = createRemoteJWKSet(new URL(jwksUrl));
  const options = { issuer: url, audience, algorithms: ["RS256"] };
  return {
    async verifyAccessToken(token) {
      try {
        const { payload } = await jwtVerify(token, keys, options);
        return {
          token,
          clientId: String(payload.client_id),
          scopes: String(payload.scope).split(" "),
          ...(payload.exp === undefined ? {} : { expiresAt: payload.exp }),
        };
      } catch {
        throw new InvalidTokenError("The token is not valid");
      }
    },
  };
}

/** The middleware itself, with as much of a request and a response as it looks at. */
export const mcpBearerAuth: Subject = {
  name: "MCP SDK's bearer gate + jose",
  packages: ["@modelcontextprotocol/sdk", "jose"],
  prepare(issuer) {
    const gate = requireBearerAuth({ verifier: mcpVerifier(issuer) });
    return async (token) => {
      let hasPassed = false;
      const response = { set() {}, status: () => ({ json() {} }) } as unknown as Response;
      await gate({ headers: { authorization: `Bearer ${token}` } } as Request, response, () => {
        hasPassed = true;
      });
      if (!hasPassed) throw new Error("refused");
    };
  },
};
