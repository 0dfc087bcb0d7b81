import type { OutgoingHttpHeaders } from "node:http";
import { crowd } from "../crowd.js";
import type { Random } from "../random.js";
import { goodClaims, mint } from "../tokens.js";
import { AT_ONCE, type Target } from "./target.js";

/** Sends good tokens in so many headers that are none, and elsewhere than in a header. */
export async function tryHeaders(count: number, target: Target): Promise<void> {
  const { plain, authkit, secrets, tally } = target;
  await crowd(count, AT_ONCE, async (index) => {
    const random = target.random.branch(index);
    const claims = goodClaims(authkit.url);
    secrets.add("token's user", String(claims.sub));
    const token = secrets.add("token", mint(authkit.key, claims));
    const { path = "/api/me", headers = {} } = index % 10 === 0 ? good(token) : draw(random, token);
    const answer = await plain.send({
      target: path,
      headers,
      allowed: ({ status }) => (status === 200 ? [String(claims.sub)] : []),
    });
    const isAccepted = answer?.status === 200;
    if (index % 10 === 0) tally.control(isAccepted);
    else tally.bad("Authorization headers", isAccepted && !isGood(headers.authorization, token));
  });
}

interface Carried {
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
}

function good(token: string): Carried {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** One header line that is a bearer credential (RFC 6750 section 2.1) with this very token. */
function isGood(header: unknown, token: string): boolean {
  if (typeof header !== "string") return false;
  const [, found] = /^[ \t]*bearer +([\w\-.~+/]+=*)[ \t]*$/i.exec(header) ?? [];
  return found === token;
}

function draw(random: Random, token: string): Carried {
  // A list is that many header lines, whatever the types say of this header.
  const authorization = (value: string | string[]): Carried => ({
    headers: { authorization: value } as OutgoingHttpHeaders,
  });
  return random.pick<() => Carried>([
    () => authorization([`Bearer ${token}`, `Bearer ${random.pick([token, "x", ""])}`]),
    () => authorization([random.pick(["", "Basic YTpi", "x"]), `Bearer ${token}`]),
    () => authorization(`Bearer ${token}, Bearer ${token}`),
    () => authorization(`Bearer ${token} ${random.pick([token, "x", "realm=1", ","])}`),
    () => authorization(`Bearer ${random.pick(["x", ",", '"', "=", " x "])}${token}`),
    () => authorization(`Bearer ${token}${random.pick([",", ";", '"', "=", "==", "\\", "%20", " ,", "'"])}`),
    () => authorization(`Bearer "${token}"`),
    () => authorization(`Bearer <${token}>`),
    () => authorization(`Bearer token="${token}"`),
    () => authorization(`Bearer\t${token}`),
    () => authorization(`Bearer:${token}`),
    () => authorization(`Bearer=${token}`),
    () => authorization(`Bearer${token}`),
    () => authorization(`Bearer Bearer ${token}`),
    () =>
      authorization(
        `${random.pick(["Basic", "DPoP", "Token", "JWT", "Digest", "Bearers", "XBearer", "OAuth"])} ${token}`,
      ),
    () => authorization(token),
    () => authorization(random.pick(["Bearer", "Bearer ", "bearer", " ", ",", "Bearer  ", "Bearer ,"])),
    () => authorization(`Bearer ${" ".repeat(random.between(1, 2_000))}`),
    () =>
      authorization(
        `Bearer ${random.pick(["=", "A ", "a,", '"\\', "Bearer "]).repeat(random.between(1, 2_000))}`,
      ),
    () => ({ headers: { cookie: `access_token=${token}; token=${token}; session=${token}` } }),
    () => ({ headers: { "x-authorization": `Bearer ${token}` } }),
    () => ({ headers: { "proxy-authorization": `Bearer ${token}` } }),
    () => ({ path: `/api/me?access_token=${token}` }),
    () => ({ path: `/api/me?authorization=Bearer%20${token}` }),
    () => ({}),
  ])();
}
