import { requireToken } from "@connect/next";
import { application } from "../../../application";

export const runtime = "edge";
export const GET = requireToken(application.verifier, {}, async (_, accessToken) =>
  Response.json(await application.describe(accessToken)),
);
