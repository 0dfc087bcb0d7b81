import { randomBytes } from "node:crypto";
import { EncryptJWT } from "jose";
import { crowd } from "../crowd.js";
import { Jar } from "../jar.js";
import { newPerson, shownOf } from "../people.js";
import type { Random } from "../random.js";
import { mangle } from "./mangle.js";
import { areSameBytes } from "./strict.js";
import { AT_ONCE, type Target } from "./target.js";

/** A login that waits in a cookie. */
interface Parked {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  readonly value: string;
}

/** Comes back to parked logins with so many cookies that are not the ones which were set. */
export async function tryCookies(count: number, target: Target): Promise<void> {
  const { careful, secrets, tally } = target;
  await crowd(count, AT_ONCE, async (index) => {
    const random = target.random.branch(index);
    const person = newPerson(random, secrets);
    const [one, other] = [
      await park(target, random.branch("one")),
      await park(target, random.branch("other")),
    ];
    if (one === undefined || other === undefined) return tally.control(false);
    const isControl = index % 10 === 0;
    const value = isControl ? one.value : await draw(random, one, other);
    const answer = await careful.send({
      target: random.chance(0.5) ? `/auth/login?resume=${one.handle}` : "/auth/login",
      headers: { cookie: `session=${person.session}; ${one.name}=${value}` },
      allowed: ({ status }) => (status === 200 ? shownOf(person) : []),
    });
    const leadsOn = answer?.status === 200 || answer?.headers.location !== undefined;
    if (isControl) tally.control(leadsOn);
    else tally.bad("resume cookies", leadsOn && !areSameBytes(value, one.value));
  });
}

async function park({ careful, secrets }: Target, random: Random): Promise<Parked | undefined> {
  const id = secrets.add("external_auth_id", `ext_auth_${random.hex(26)}`);
  const jar = new Jar(secrets);
  const answer = await careful.send({ target: `/auth/login?external_auth_id=${id}` });
  if (answer === undefined) return undefined;
  jar.keep(answer);
  const [name, value] = [...jar.cookies][0] ?? [];
  return name === undefined || value === undefined
    ? undefined
    : { id, name, value, handle: name.slice(name.indexOf(".") + 1) };
}

async function draw(random: Random, one: Parked, other: Parked): Promise<string> {
  return random.pick<() => string | Promise<string>>([
    () => mangle(random, one.value),
    () => mangle(random, one.value),
    () => other.value,
    () => one.id,
    () => random.pick(["x", "....", "e30.e30.e30.e30.e30", "null", "%00", '"']),
    () => "A".repeat(random.between(1, 8_000)),
    () =>
      new EncryptJWT({ handle: one.handle, id: one.id })
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuedAt()
        .setExpirationTime("10 minutes")
        .encrypt(randomBytes(32)),
    () =>
      `${Buffer.from('{"alg":"none"}').toString("base64url")}.${Buffer.from(JSON.stringify({ handle: one.handle, id: one.id })).toString("base64url")}.`,
  ])();
}
