import { createWebApplication } from "@connect/adapter-contract/web";

interface Env {
  readonly AUTHKIT_URL: string;
}

let application: ReturnType<typeof createWebApplication> | undefined;

export default {
  // Made once, at the first request: a Worker learns its environment no earlier.
  fetch(request: Request, { AUTHKIT_URL }: Env): Promise<Response> {
    application ??= createWebApplication(AUTHKIT_URL);
    return application(request);
  },
};
