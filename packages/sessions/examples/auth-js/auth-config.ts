import type { ExpressAuthConfig } from "@auth/express";
import Credentials from "@auth/express/providers/credentials";
import { callbacks } from "./callbacks.js";

export const authConfig: ExpressAuthConfig = {
  secret: "a secret of thirty-two characters",
  trustHost: true,
  callbacks,
  providers: [
    Credentials({
      credentials: { id: {} },
      authorize: ({ id }) => ({ id: String(id) }),
    }),
  ],
};
