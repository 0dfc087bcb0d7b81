import { crowd } from "../crowd.js";
import type { Random } from "../random.js";
import { isNavigation, usableId } from "./strict.js";
import { AT_ONCE, type Target } from "./target.js";

/** Asks for so many odd addresses with an id in them: a redirect may lead to the Login URI alone, with the same id. */
export async function tryStrays(
  count: number,
  { plain, secrets, random: all, tally }: Target,
): Promise<void> {
  await crowd(count, AT_ONCE, async (index) => {
    const random = all.branch(index);
    const id = secrets.add("external_auth_id", `ext_auth_${random.hex(26)}`);
    const isControl = index % 10 === 0;
    const target = isControl ? `/lost?external_auth_id=${id}` : `${drawPath(random)}${drawQuery(random, id)}`;
    const method = isControl || random.chance(0.8) ? "GET" : random.pick(["POST", "HEAD", "PUT"]);
    const headers = !isControl && random.chance(0.1) ? { "sec-fetch-dest": "iframe" } : {};
    const answer = await plain.send({
      target,
      method,
      headers,
      // The Login URI itself sends whoever is not signed in to the sign-in page, with the way back.
      allowed: ({ location }) => (location?.origin === plain.appUrl ? [id] : []),
    });
    const location = answer?.location;
    const leadsOn =
      location?.origin === plain.appUrl &&
      location.pathname === "/auth/login" &&
      location.searchParams.get("external_auth_id") === id;
    const isSignIn = location?.origin === plain.appUrl && location.pathname === "/sign-in";
    const mayLead = method === "GET" && isNavigation(headers) && usableId(target) === id;
    if (isControl) tally.control(leadsOn);
    else
      tally.bad("stray URLs", answer?.headers.location !== undefined && !((leadsOn || isSignIn) && mayLead));
  });
}

function drawPath(random: Random): string {
  return random.pick([
    () =>
      random.pick([
        "/",
        "/lost",
        "/a/b/c",
        "/auth/login/",
        "/auth//login",
        "/AUTH/LOGIN",
        "/auth/login/x",
        "/auth/./login",
      ]),
    () =>
      random.pick([
        "//evil.example",
        "//evil.example/auth/login",
        "///evil.example",
        "/\\evil.example",
        "/.//evil.example",
      ]),
    () =>
      random.pick([
        "http://evil.example/",
        "https://evil.example/auth/login",
        "HTTP://evil.example:80/x",
        "//:x",
        "http://[::1",
      ]),
    () =>
      random.pick([
        "/%2f%2fevil.example",
        "/%5cevil.example",
        "/%0d%0aset-cookie:a=b",
        "/..%2f..%2f",
        "/%00",
        "/%ff",
        "/%",
      ]),
    () =>
      random.pick([
        "*",
        "/@evil.example",
        "/user:password@evil.example",
        "/javascript:alert(1)",
        "/;/",
        "/a;b=c",
      ]),
    () => `/${"a/".repeat(random.between(1, 2_000))}`,
    () => `/${random.hex(random.between(1, 40))}`,
  ])();
}

function drawQuery(random: Random, id: string): string {
  const good = `?external_auth_id=${id}`;
  return random.pick([
    good,
    `${good}&next=//evil.example`,
    `?next=https://evil.example&external_auth_id=${id}`,
    `${good}&external_auth_id=${id}`,
    `?external_auth_id=${id}%0d%0alocation:%20https://evil.example`,
    `?external_auth_id=`,
    `?external_auth_id=%20${id}`,
    `?external_auth_id=${id}#//evil.example`,
    `#${good}`,
    `?${"a".repeat(3_000)}&external_auth_id=${id}`,
  ]);
}
