import type { ExpressAuthConfig } from "@auth/express";

export const callbacks = {
  session({ session, token }) {
    if (token.sub) session.user.id = token.sub; // a session says no id by itself
    return session;
  },
} satisfies ExpressAuthConfig["callbacks"];
