import type { OutgoingHttpHeaders } from "node:http";
import { codeOf, type Sent } from "../browser.js";
import { type Confirmation, readConfirmation, toPost } from "../confirmation.js";
import { crowd } from "../crowd.js";
import { Jar } from "../jar.js";
import { newPerson, shownOf } from "../people.js";
import type { Person } from "../person.js";
import type { Random } from "../random.js";
import { mangle } from "./mangle.js";
import { areSameBytes, isNavigation } from "./strict.js";
import { AT_ONCE, type Target } from "./target.js";

/** A login whose user is being asked. */
interface Asked {
  readonly id: string;
  readonly person: Person;
  readonly jar: Jar;
  readonly page: Confirmation;
}

/** Answers the page that asks in so many ways in which its user does not. */
export async function tryForms(count: number, target: Target): Promise<void> {
  const { careful, authkit, tally } = target;
  await crowd(count, AT_ONCE, async (index) => {
    const random = target.random.branch(index);
    const [asked, other] = [
      await ask(target, random.branch("one")),
      await ask(target, random.branch("other")),
    ];
    if (asked === undefined || other === undefined) return tally.control(false);
    const isControl = index % 10 === 0;
    const { kind, sent } = isControl ? { kind: "", sent: toPost(asked.page) } : draw(random, asked, other);
    const answer = await careful.send({
      ...sent,
      headers: { ...sent.headers, cookie: asked.jar.header },
      allowed: ({ status, location }) =>
        careful.isAuthKit(location) ? [codeOf(location)] : status === 200 ? shownOf(asked.person) : [],
    });
    const isCompleted = (authkit.completions.truths.get(asked.id)?.callers.length ?? 0) > 0;
    if (isControl) tally.control(isCompleted && careful.isAuthKit(answer?.location));
    else
      tally.bad(
        kind,
        (isCompleted && !isGood(sent, asked)) || careful.isAuthKit(answer?.location) !== isCompleted,
      );
  });
}

async function ask({ careful, secrets }: Target, random: Random): Promise<Asked | undefined> {
  const person = newPerson(random, secrets);
  const id = secrets.add("external_auth_id", `ext_auth_${random.hex(26)}`);
  const jar = new Jar(secrets);
  jar.cookies.set("session", person.session);
  const answer = await careful.send({
    target: `/auth/login?external_auth_id=${id}`,
    headers: { cookie: jar.header },
    allowed: () => shownOf(person),
  });
  if (answer === undefined) return undefined;
  jar.keep(answer);
  const page = readConfirmation(answer, secrets);
  return page && { id, person, jar, page };
}

/** Whether it is what the page would have sent, whatever the spelling: its own proof, as a form, from its own site. */
function isGood({ method, headers, body }: Sent, { page }: Asked): boolean {
  const fields = new URLSearchParams(body);
  return (
    method === "POST" &&
    headers !== undefined &&
    headers["sec-fetch-site"] === "same-origin" &&
    isNavigation(headers) &&
    String(headers["content-type"]).startsWith("application/x-www-form-urlencoded") &&
    fields.get("answer") === "continue" &&
    areSameBytes(fields.get("proof") ?? "", page.proof)
  );
}

function draw(random: Random, asked: Asked, other: Asked): { readonly kind: string; readonly sent: Sent } {
  const good = toPost(asked.page);
  const withBody = (fields: Record<string, string> | string): Sent => ({
    ...good,
    body: new URLSearchParams(fields).toString(),
  });
  const withHeaders = (headers: OutgoingHttpHeaders): Sent => ({
    ...good,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
  const proofs = () =>
    random.pick([
      () => mangle(random, asked.page.proof),
      () => other.page.proof,
      () => [...asked.jar.cookies.values()].at(-1) ?? "",
      () => asked.person.session,
      () => asked.id,
      () => random.pick(["", "x", "....", "e30.e30.e30.e30.e30", "null"]),
      () => "A".repeat(random.between(8_000, 16_000)),
    ])();
  return random.pick<() => { kind: string; sent: Sent }>([
    () => ({ kind: "confirmation proofs", sent: withBody({ answer: "continue", proof: proofs() }) }),
    () => ({ kind: "confirmation proofs", sent: withBody({ answer: "continue", proof: proofs() }) }),
    () => ({ kind: "confirmation forms", sent: withBody({ answer: "continue" }) }),
    () => ({
      kind: "confirmation forms",
      sent: withBody({
        answer: random.pick(["", "yes", "Continue", "true", "deny", "switch"]),
        proof: asked.page.proof,
      }),
    }),
    () => ({ kind: "confirmation forms", sent: withBody({ proof: asked.page.proof }) }),
    () => ({ kind: "confirmation forms", sent: { ...good, body: `${"x".repeat(20_000)}=&${good.body}` } }),
    () => ({
      kind: "confirmation forms",
      sent: { ...good, body: random.pick(["", "%", "&&&&", "null", "answer", "\u0000"]) },
    }),
    () => ({
      kind: "confirmation forms",
      sent: withHeaders({
        "sec-fetch-site": "same-origin",
        "content-type": random.pick([
          "text/plain",
          "application/json",
          "multipart/form-data; boundary=x",
          "",
          "x",
        ]),
      }),
    }),
    () => ({
      kind: "confirmation forms",
      sent: { ...good, method: "GET", target: `${good.target}&${good.body}`, body: "" },
    }),
    () => ({
      kind: "forms of other sites",
      sent: withHeaders({
        "sec-fetch-site": random.pick(["cross-site", "same-site", "none", "", "Same-Origin"]),
      }),
    }),
    () => ({
      kind: "forms of other sites",
      sent: withHeaders({
        origin: random.pick(["null", "https://evil.example", "http://127.0.0.1", "", "http://127.0.0.1:1"]),
      }),
    }),
    () => ({ kind: "forms of other sites", sent: withHeaders({}) }),
    () => ({
      kind: "forms of other sites",
      sent: withHeaders({
        "sec-fetch-site": "same-origin",
        "sec-fetch-dest": random.pick(["iframe", "empty", "image"]),
      }),
    }),
  ])();
}
