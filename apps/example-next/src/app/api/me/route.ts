import { requireToken } from "@connect/next";
import { verifier } from "../../../connect";

export const GET = requireToken(verifier, {}, (_request, { subject, scopes, claims }) =>
  Response.json({ subject, scopes, tenant: claims["urn:example:tenant"] ?? null }),
);
