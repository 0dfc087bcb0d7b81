import { requireToken } from "@connect/next/pages";
import { application } from "../../../../application";

export default requireToken(application.verifier, {}, async (_, response, accessToken) =>
  response.json(await application.describe(accessToken)),
);
