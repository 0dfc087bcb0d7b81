// Imports nothing: Next's bundler does not find TypeScript under the names that Node's own modules need.

/** Tells the bare framework who calls. The examples get it, too, so that the traffic is the same, and ignore it. */
export const CALLER_HEADER = "x-load-caller";

/** What the examples answer, made without Connect: nothing is verified, and whoever names a caller is believed. */
export interface BareAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

const { APP_URL, AUTHKIT_URL, WORKOS_API_URL, WORKOS_API_KEY } = process.env;
const metadata = JSON.stringify({
  resource: `${APP_URL}/mcp`,
  authorization_servers: [AUTHKIT_URL],
  bearer_methods_supported: ["header"],
  scopes_supported: ["openid", "offline_access"],
});

const REFUSAL = "The access token is malformed, expired, or not meant for this resource.";

export function answerMe(caller: string | null | undefined): BareAnswer {
  const headers = { "content-type": "application/json; charset=utf-8" };
  if (!caller) {
    const challenge = `Bearer error="invalid_token", error_description="${REFUSAL}"`;
    return {
      status: 401,
      headers: { ...headers, "cache-control": "no-store", "www-authenticate": challenge },
      body: JSON.stringify({ error: "invalid_token", error_description: REFUSAL }),
    };
  }
  const scopes = ["openid", "profile", "email", "offline_access", "notes:read"];
  return { status: 200, headers, body: JSON.stringify({ subject: caller, scopes, tenant: "prod_us" }) };
}

export function answerMetadata(): BareAnswer {
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "public, max-age=300",
  };
  return { status: 200, headers, body: metadata };
}

/** A login takes one call of AuthKit's API, whoever makes it. */
export async function answerLogin(id: string, userId: string): Promise<BareAnswer> {
  const response = await fetch(`${WORKOS_API_URL}/authkit/oauth2/complete`, {
    method: "POST",
    headers: { authorization: `Bearer ${WORKOS_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ external_auth_id: id, user: { id: userId, email: "somebody@example.com" } }),
  });
  const { redirect_uri: location = "/" } = (await response.json()) as { redirect_uri?: string };
  return { status: 303, headers: { location, "cache-control": "no-store" }, body: null };
}
