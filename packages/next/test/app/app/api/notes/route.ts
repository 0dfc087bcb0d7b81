import { requireToken } from "@connect/next";
import { application } from "../../../application";

export const GET = requireToken(
  application.verifier,
  { scopes: application.scopes },
  async (_, accessToken) => Response.json(await application.describe(accessToken)),
);
