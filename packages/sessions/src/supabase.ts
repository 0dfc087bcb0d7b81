import { createAnswer, type SessionAuthenticate, type SessionOptions } from "./authentication.js";

export type { SessionAuthenticate, SessionOptions } from "./authentication.js";

interface SupabaseError {
  readonly status?: number | undefined;
}

/** What is asked of Supabase: a client that `createServerClient` made for this request. */
export interface SupabaseClient {
  readonly auth: {
    getSession(): Promise<{
      data: { session: { access_token: string } | null };
      error: SupabaseError | null;
    }>;
    getUser(
      accessToken: string,
    ): Promise<{ data: { user: SupabaseUser | null }; error: SupabaseError | null }>;
    readonly mfa: {
      getAuthenticatorAssuranceLevel(
        accessToken: string,
      ): Promise<{ data: { currentLevel: string | null } | null; error: SupabaseError | null }>;
    };
  };
}

export interface SupabaseUser {
  readonly id: string;
  readonly email?: string | undefined;
  readonly email_confirmed_at?: string | undefined;
  readonly is_anonymous?: boolean | undefined;
  readonly banned_until?: string | undefined;
  readonly factors?: readonly { readonly status: string }[] | undefined;
  readonly user_metadata: { readonly full_name?: unknown };
}

/**
 * `authenticate` from Supabase's session: the user's id, confirmed e-mail address and `full_name`, as Supabase's server
 * has them, not as the cookie does. Nobody is signed in where the user is anonymous or banned, where the session was
 * ended, or where the user has a second factor and did not use it. Where Supabase can't be
 * reached or fails, its error is thrown. Throws `invalid_config` where `verifyEmailUrl` is missing.
 * @param createClient `createServerClient` of `@supabase/ssr`, with the cookies of the request
 */
export function fromSupabase<NativeRequest>(
  createClient: (request: NativeRequest) => SupabaseClient | Promise<SupabaseClient>,
  options: SessionOptions,
): SessionAuthenticate<NativeRequest> {
  const answer = createAnswer(options);
  return async (request, context) => {
    const { auth } = await createClient(request);
    const { session } = read(await auth.getSession());
    if (!session) return null;
    const { user } = read(await auth.getUser(session.access_token));
    if (!user || user.is_anonymous || isBanned(user)) return null;
    if (user.factors?.some(({ status }) => status === "verified")) {
      const level = read(await auth.mfa.getAuthenticatorAssuranceLevel(session.access_token));
      if (level?.currentLevel !== "aal2") return null;
    }
    const { id, email, email_confirmed_at, user_metadata } = user;
    const name = typeof user_metadata.full_name === "string" ? user_metadata.full_name : undefined;
    return answer({ id, email, emailVerified: Boolean(email_confirmed_at), name }, context);
  };
}

/** What was found: a refusal leaves nobody, but an outage must not look like somebody who has to sign in again. */
function read<Data>({ data, error }: { data: Data; error: SupabaseError | null }): Data {
  const { status = 0 } = error ?? {};
  const isRefusal = status >= 400 && status < 500 && status !== 429;
  if (error !== null && !isRefusal) throw error;
  return data;
}

function isBanned({ banned_until }: SupabaseUser): boolean {
  return banned_until !== undefined && Date.parse(banned_until) > Date.now();
}
