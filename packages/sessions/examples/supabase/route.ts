import { loginRoute } from "@connect/express";
import { fromSupabase } from "@connect/sessions/supabase";
import { createServerClient, parseCookieHeader, serializeCookieHeader } from "@supabase/ssr";
import type { Request } from "express";
import { login } from "../login.js";
import { supabaseKey, supabaseUrl } from "./supabase.js"; // yours

const createClient = (request: Request) =>
  createServerClient(supabaseUrl, supabaseKey, {
    cookies: {
      getAll: () =>
        parseCookieHeader(request.headers.cookie ?? "").map(({ name, value = "" }) => ({ name, value })),
      setAll: (cookies) => {
        for (const { name, value, options } of cookies) {
          request.res?.appendHeader("set-cookie", serializeCookieHeader(name, value, options));
        }
      },
    },
  });

export const route = loginRoute(login, {
  signInUrl: "/sign-in",
  authenticate: fromSupabase(createClient, { verifyEmailUrl: "/verify-email" }),
});
