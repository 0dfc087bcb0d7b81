import { requireToken } from "@connect/next";
import { verifier } from "../../../connect";

export const GET = requireToken(verifier, { scopes: ["openid"] }, async (_request, accessToken) =>
  Response.json({ subject: accessToken.subject }),
);
