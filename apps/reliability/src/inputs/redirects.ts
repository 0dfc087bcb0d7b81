import { crowd } from "../crowd.js";
import { newPerson } from "../people.js";
import type { Random } from "../random.js";
import { AT_ONCE, type Target } from "./target.js";

/** Lets AuthKit answer with so many addresses that are not its own, or hardly: no browser may be sent anywhere else. */
export async function tryRedirects(
  count: number,
  { plain, authkit, secrets, random: all, tally }: Target,
): Promise<void> {
  await crowd(count, AT_ONCE, async (index) => {
    const random = all.branch(index);
    const person = newPerson(random, secrets);
    const id = secrets.add("external_auth_id", `ext_auth_${random.hex(26)}`);
    const isControl = index % 10 === 0;
    const value = isControl
      ? `${authkit.url}/oauth2/authorize/complete?code=${random.hex(8)}`
      : draw(random, authkit.url);
    authkit.completions.expect(id, [], { value });
    const answer = await plain.send({
      target: `/auth/login?external_auth_id=${id}`,
      headers: { cookie: `session=${person.session}` },
    });
    const location = answer?.location;
    if (isControl) tally.control(location?.href === value);
    else
      tally.bad(
        "redirect_uris",
        answer?.headers.location !== undefined && !isRight(location, value, authkit.url, plain.appUrl),
      );
  });
}

/** The fallback page; or what AuthKit said, where a browser reads it as an address at AuthKit's and as nothing else. */
function isRight(location: URL | undefined, value: unknown, authkitUrl: string, appUrl: string): boolean {
  if (location === undefined) return false;
  if (location.href === `${appUrl}/`) return true;
  return (
    location.protocol === "http:" &&
    location.origin === authkitUrl &&
    location.username === "" &&
    location.password === "" &&
    location.hash === "" &&
    typeof value === "string" &&
    URL.canParse(value) &&
    new URL(value).href === location.href
  );
}

function draw(random: Random, authkitUrl: string): unknown {
  const { host, hostname, port } = new URL(authkitUrl);
  const path = `/oauth2/authorize/complete?code=${random.hex(8)}`;
  const evil = random.pick([
    "evil.example",
    "127.0.0.2",
    "localhost",
    "[::1]",
    "xn--evl-qqa.example",
    "evil.example.",
  ]);
  const white = random.pick(["\t", "\n", "\r", " ", "\u00a0", "\u200b", "\u0000", "\\"]);
  return random.pick<() => unknown>([
    () => `http://${evil}${path}`,
    () => `http://${evil}:${port}${path}`,
    () => `http://${hostname}:${random.between(1, 19_999)}${path}`,
    () => `https://${host}${path}`,
    () =>
      `${random.pick(["javascript", "data", "vbscript", "file", "ftp", "ws", "intent", "about", "view-source:http"])}://${host}${path}`,
    () => `blob:${authkitUrl}/${random.hex(8)}`,
    () => `http://${host}@${evil}${path}`,
    () => `http://user:password@${host}${path}`,
    () => `http://user@${host}${path}`,
    () => `http://${host}.${evil}${path}`,
    () => `http://${evil}/${authkitUrl}${path}`,
    () => `http://${evil}?${authkitUrl}${path}`,
    () => `http://${evil}#${authkitUrl}${path}`,
    () => `http://${evil}\\@${host}${path}`,
    () => `http:\\\\${evil}${path}`,
    () => `http:/${evil}${path}`,
    () => `http:${evil}${path}`,
    () => `//${random.pick([host, evil])}${path}`,
    () => `/\\${evil}${path}`,
    () => path,
    () => `${authkitUrl}${path}#${random.pick(["", "fragment", "@evil.example"])}`,
    () => `${white}http://${evil}${path}`,
    () => `http://${host}${white}@${evil}${path}`,
    () => `ht${white}tp://${host}${path}`,
    () => `http://${evil}${white}.${host}${path}`,
    () => `http://${hostname.replaceAll(".", "\u3002")}:${port}${path}`,
    () => `http://0x7f.1:${port}${path}`,
    () => `http://2130706433:${port}${path}`,
    () => `http://${host}%2e${evil}${path}`,
    () => `http://${host}${random.pick(["%00", "%0d%0a", "%09"])}.${evil}${path}`,
    () => `${authkitUrl}${path}\r\nset-cookie: a=b`,
    () => `${authkitUrl}${path}&${"a".repeat(random.between(1, 20_000))}`,
    () => random.pick<unknown>([7, null, true, {}, [], [authkitUrl], { href: authkitUrl }, ""]),
  ])();
}
