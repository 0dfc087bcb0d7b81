import { createServerClient, serializeCookieHeader } from "@supabase/ssr";
import { SignJWT } from "jose";
import { serve } from "./serve.js";

// Supabase's client looks for one when it is made, though nobody here connects. Node has one from version 22 on.
globalThis.WebSocket ??= class {} as unknown as typeof WebSocket;

/** Whom the server knows under which access token. Others have no session. */
const users = new Map<string, object>();
const secret = new TextEncoder().encode("the secret of a Supabase project");

/** What the server answers instead, where it is set; 0 is a connection that breaks. */
export const failure: { status?: number } = {};

const server = await serve((request, response) => {
  if (failure.status === 0) return request.socket.destroy();
  const user = users.get(String(request.headers.authorization?.replace("Bearer ", "")));
  const isFound = request.url === "/auth/v1/user" && user !== undefined;
  response.writeHead(failure.status ?? (isFound ? 200 : 403), { "content-type": "application/json" });
  response.end(JSON.stringify(isFound ? user : { code: "session_not_found", message: "no session" }));
});

/** Supabase's server, where `GET /auth/v1/user` is all that it has. */
export const supabase = { url: server.url, close: server.close };

/** A user as that endpoint gives them. */
export const ada = {
  id: "0b5c3a52-5f5e-4b5a-9a6d-3f2f7e2b7f11",
  aud: "authenticated",
  email: "ada@example.com",
  email_confirmed_at: "2026-01-01T00:00:00Z",
  is_anonymous: false,
  app_metadata: {},
  user_metadata: { full_name: "Ada Lovelace" },
  factors: [] as object[],
};

let sessions = 0;

/** The cookies of a browser, written by Supabase's own client: the server may know the session otherwise, or not at all. */
export async function sessionCookie(
  user: object,
  {
    aal = "aal1",
    isKnown = true,
    inCookie = user,
  }: { aal?: string; isKnown?: boolean; inCookie?: object } = {},
): Promise<string> {
  const expires_at = Math.floor(Date.now() / 1000) + 3600;
  const access_token = await new SignJWT({ aal, session_id: String(++sessions), role: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(ada.id)
    .setExpirationTime(expires_at)
    .sign(secret);
  const session = { access_token, refresh_token: "r", expires_at, expires_in: 3600, token_type: "bearer" };

  // Its own client names, encodes and cuts the cookies.
  const cookies: string[] = [];
  const client = createServerClient(supabase.url, "anon", {
    cookies: {
      getAll: () => [],
      setAll: (set) => {
        for (const { name, value, options } of set) {
          cookies.push(serializeCookieHeader(name, value, options).split(";", 1)[0] ?? "");
        }
      },
    },
  });
  users.set(access_token, inCookie); // the client asks for the user whom it writes down
  await client.auth.setSession(session);
  if (isKnown) users.set(access_token, user);
  else users.delete(access_token);
  return cookies.join("; ");
}
