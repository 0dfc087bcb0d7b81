import type { OutgoingHttpHeaders } from "node:http";
import { codeOf } from "../browser.js";
import { crowd } from "../crowd.js";
import { newPerson } from "../people.js";
import type { Random } from "../random.js";
import { isNavigation, usableId } from "./strict.js";
import { AT_ONCE, type Target } from "./target.js";

/** Opens the Login URI in so many wrong ways, always signed in: whatever gets through completes a login. */
export async function tryIds(
  count: number,
  { plain, authkit, secrets, random: all, tally }: Target,
): Promise<void> {
  await crowd(count, AT_ONCE, async (index) => {
    const random = all.branch(index);
    const person = newPerson(random, secrets);
    const id = secrets.add("external_auth_id", `ext_auth_${random.hex(26)}`);
    const isControl = index % 10 === 0;
    const { kind, query, method, headers } = isControl
      ? { kind: "", query: `external_auth_id=${id}`, method: "GET", headers: {} }
      : random.chance(0.7)
        ? { kind: "external_auth_ids", query: drawQuery(random, id), method: "GET", headers: {} }
        : { kind: "requests that nobody made", query: `external_auth_id=${id}`, ...drawRequest(random) };
    const target = `/auth/login?${query}`;
    const answer = await plain.send({
      method,
      target,
      headers: { ...headers, cookie: `session=${person.session}` },
      allowed: ({ location }) => (plain.isAuthKit(location) ? [codeOf(location)] : []),
    });
    const usable = method === "GET" && isNavigation(headers) ? usableId(target) : undefined;
    const asked = authkit.completions.asked.get(person.id) ?? [];
    const isRight = usable === undefined ? asked.length === 0 : asked.every((one) => one === usable);
    if (isControl) tally.control(plain.isAuthKit(answer?.location) && isRight);
    else tally.bad(kind, !isRight || (usable === undefined && answer?.location !== undefined));
  });
}

function drawQuery(random: Random, id: string): string {
  const name = "external_auth_id";
  const odd = random.pick([
    "%00",
    "%0d%0a",
    "%0d%0aset-cookie:%20a=b",
    "%20",
    "+",
    "%09",
    "%7f",
    "%80",
    "%ff",
    "%c0%af",
    "%e2%80%ae",
    "%u0041",
    "%ed%a0%80",
    "%f0%9f%98%80",
    "%",
    "%zz",
  ]);
  const at = random.between(0, id.length);
  return random.pick([
    () => `${name}=${id.slice(0, at)}${odd}${id.slice(at)}`,
    () => `${name}=${id}${"x".repeat(random.between(500, 6_000))}`,
    () => `${name}=`,
    () => name,
    () => "",
    () => `${name}=${id}&${name}=${random.pick([id, "", "other"])}`,
    () => `${name}=&${name}=${id}`,
    () => `%65xternal_auth_id=${id}&${name}=${id}x`,
    () => `${name}[]=${id}`,
    () => `${name}[0]=${id}&${name}[1]=${id}`,
    () => `${name.toUpperCase()}=${id}`,
    () => ` ${name}`.replace(" ", "%20").concat(`=${id}`),
    () => `;${name}=${id};`,
    () => `a=b;${name}=${id}`,
    () => `a=b?${name}=${id}`,
    () => `state=${name}%3D${id}`,
    () => `resume=${id}`,
    () => `__proto__[${name}]=${id}`,
    () => `${"a=b&".repeat(random.between(1, 2_000))}${name}=`,
  ])();
}

function drawRequest(random: Random): { readonly method: string; readonly headers: OutgoingHttpHeaders } {
  const method = random.pick(["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "POST"]);
  return random.pick<() => { method: string; headers: OutgoingHttpHeaders }>([
    () => ({ method, headers: {} }),
    () => ({
      method: "GET",
      headers: { "sec-purpose": random.pick(["prefetch", "prefetch;prerender", "Prefetch"]) },
    }),
    () => ({ method: "GET", headers: { purpose: random.pick(["prefetch", "preview"]) } }),
    () => ({ method: "GET", headers: { "x-moz": "prefetch" } }),
    () => ({ method: "GET", headers: { "next-router-prefetch": random.pick(["1", "2"]) } }),
    () => ({
      method: "GET",
      headers: {
        "sec-fetch-dest": random.pick([
          "iframe",
          "frame",
          "image",
          "script",
          "empty",
          "object",
          "embed",
          "style",
        ]),
      },
    }),
  ])();
}
