import { createApplication } from "@connect/adapter-contract/application";
import type { NextRequest } from "next/server";

/**
 * The suite's application, connected to the stand-in that the environment names. `next build` loads route modules too,
 * when there is none yet.
 */
export const application = createApplication(process.env.AUTHKIT_URL ?? "http://127.0.0.1:1");

export const route = {
  authenticate: (request: NextRequest, context: Parameters<typeof application.authenticate>[1]) =>
    application.authenticate(request.headers, context),
  onError: application.onError,
};
