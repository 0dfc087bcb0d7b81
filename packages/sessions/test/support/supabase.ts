import { json } from "node:stream/consumers";
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

/** Whose session a refresh token renews, once. */
const renewals = new Map<string, object>();

const server = await serve(async (request, response) => {
  if (failure.status === 0) return request.socket.destroy();
  if (request.url?.startsWith("/auth/v1/token")) {
    const { refresh_token } = (await json(request)) as { refresh_token: string };
    const user = renewals.get(refresh_token);
    renewals.delete(refresh_token);
    response.writeHead(failure.status ?? (user ? 200 : 400), { "content-type": "application/json" });
    response.end(JSON.stringify(user ? await createSession(user) : { code: "refresh_token_not_found" }));
    return;
  }
  const user = users.get(String(request.headers.authorization?.replace("Bearer ", "")));
  const isFound = request.url === "/auth/v1/user" && user !== undefined;
  response.writeHead(failure.status ?? (isFound ? 200 : 403), { "content-type": "application/json" });
  response.end(JSON.stringify(isFound ? user : { code: "session_not_found", message: "no session" }));
});

/** Supabase's server, where `GET /auth/v1/user` and the renewal of sessions are all that it has. */
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

/** A session that the server knows, as it gives one out. */
async function createSession(user: object, aal = "aal1") {
  const expires_at = Math.floor(Date.now() / 1000) + 3600;
  const access_token = await new SignJWT({ aal, session_id: String(++sessions), role: "authenticated" })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(ada.id)
    .setExpirationTime(expires_at)
    .sign(secret);
  users.set(access_token, user);
  const refresh_token = `refresh_${sessions}`;
  renewals.set(refresh_token, user);
  return { access_token, refresh_token, expires_at, expires_in: 3600, token_type: "bearer", user };
}

/** The same browser an hour and more later: its access token is over, and its refresh token may be known still. */
export function letExpire(cookie: string, { isRenewable = true } = {}): string {
  const [, name, value = ""] = /^([^=]+)=base64-(.+)$/.exec(cookie) ?? [];
  const session = JSON.parse(Buffer.from(value, "base64url").toString());
  users.delete(session.access_token);
  if (!isRenewable) renewals.delete(session.refresh_token);
  const expired = JSON.stringify({ ...session, expires_at: session.expires_at - 7_200 });
  return `${name}=base64-${Buffer.from(expired).toString("base64url")}`;
}

/** The cookies of a browser, written by Supabase's own client: the server may know the session otherwise, or not at all. */
export async function sessionCookie(
  user: object,
  {
    aal = "aal1",
    isKnown = true,
    inCookie = user,
  }: { aal?: string; isKnown?: boolean; inCookie?: object } = {},
): Promise<string> {
  const session = await createSession(inCookie, aal); // the client asks for the user whom it writes down
  const { access_token } = session;

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
  await client.auth.setSession(session);
  if (isKnown) users.set(access_token, user);
  else users.delete(access_token);
  return cookies.join("; ");
}
