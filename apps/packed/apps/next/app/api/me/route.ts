import { requireToken } from "@connect/next";
import { verifier } from "../../../../existing/connect";

export const GET = requireToken(verifier, { scopes: ["openid"] }, (_request, accessToken) =>
  Response.json({ subject: accessToken.subject }),
);
