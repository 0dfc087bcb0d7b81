import { requireToken } from "@connect/next";
import { application } from "../../application";

export const GET = requireToken(application.resourceVerifier, {}, async (_, accessToken) =>
  Response.json(await application.describe(accessToken)),
);

export const POST = requireToken(
  application.resourceVerifier,
  { toolScopes: application.toolScopes },
  async (request, accessToken) =>
    Response.json({ ...(await application.describe(accessToken)), received: await request.json() }),
);
