import { requireToken } from "@connect/next";
import { application } from "../../../application";

export const GET = requireToken(application.verifierWithoutKeys, {}, async (_, accessToken) =>
  Response.json(await application.describe(accessToken)),
);
