import { requireToken } from "@connect/next/pages";
import { application } from "../../../application";

export default requireToken(
  application.resourceVerifier,
  { toolScopes: application.toolScopes },
  async (request, response, accessToken) =>
    response.json({
      ...(await application.describe(accessToken)),
      ...(request.method === "POST" && { received: request.body }),
    }),
);
