import { jwtVerify, SignJWT } from "jose";

const COOKIE = "product_session";
const LIFETIME_SECONDS = 8 * 60 * 60;
// No `Secure`: the examples run over http on localhost. Behind https, add it.
const ATTRIBUTES = "Path=/; HttpOnly; SameSite=Lax";

/** The product's own sessions: a signed cookie `product_session` that names the user for eight hours. */
export interface Sessions {
  /** Who the `Cookie` header says is signed in; null for a cookie that is missing, broken or expired. */
  readUserId(cookieHeader: string | null): Promise<string | null>;
  /** The `Set-Cookie` value that signs this user in. */
  issue(userId: string): Promise<string>;
  /** The `Set-Cookie` value that signs the browser out. */
  clear(): string;
}

/** Makes sessions that only this secret can sign and read. */
export function createSessions(secret: string): Sessions {
  const key = new TextEncoder().encode(secret);

  return {
    async readUserId(cookieHeader) {
      const token = readCookie(cookieHeader);
      if (token === null) return null;
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ["HS256"],
          requiredClaims: ["sub", "exp"],
        });
        return payload.sub ?? null;
      } catch {
        // Whatever is wrong with a cookie, its bearer isn't signed in.
        return null;
      }
    },

    async issue(userId) {
      const token = await new SignJWT()
        .setProtectedHeader({ alg: "HS256" })
        .setSubject(userId)
        .setIssuedAt()
        .setExpirationTime(`${LIFETIME_SECONDS}s`)
        .sign(key);
      return `${COOKIE}=${token}; Max-Age=${LIFETIME_SECONDS}; ${ATTRIBUTES}`;
    },

    clear: () => `${COOKIE}=; Max-Age=0; ${ATTRIBUTES}`,
  };
}

function readCookie(header: string | null): string | null {
  for (const pair of (header ?? "").split(";")) {
    const [name, value] = pair.split("=", 2);
    if (name?.trim() === COOKIE) return value?.trim() || null;
  }
  return null;
}
