import { requireToken } from "@connect/next/pages";
import { application } from "../../../../application";

export default requireToken(application.verifierWithoutKeys, {}, async (_, response, accessToken) =>
  response.json(await application.describe(accessToken)),
);
