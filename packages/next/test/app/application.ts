import { createApplication } from "@connect/adapter-contract/application";
import type { NextApiRequest } from "next";
import type { NextRequest } from "next/server";

/**
 * The suite's application, connected to the stand-in that the environment names. `next build` loads route modules too,
 * when there is none yet.
 */
export const application = createApplication(process.env.AUTHKIT_URL ?? "http://127.0.0.1:1");

type Context = Parameters<typeof application.authenticate>[1];

const { onError } = application;
const basePath = process.env.BASE_PATH;

export const route = {
  basePath,
  onError,
  authenticate: (request: NextRequest, context: Context) =>
    application.authenticate(request.headers, context),
};

export const apiRoute = {
  basePath,
  onError,
  authenticate: ({ headers }: NextApiRequest, context: Context) =>
    application.authenticate({ get: (name) => headers[name]?.toString() ?? null }, context),
};
