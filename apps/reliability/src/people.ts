import { type Person, personOf } from "./person.js";
import type { Random } from "./random.js";
import type { Secrets } from "./secrets.js";

/** Somebody new, all of whom is secret. */
export function newPerson(random: Random, secrets: Secrets): Person {
  const person = personOf(secrets.add("session cookie", random.hex(32)));
  secrets.add("user id", person.id);
  for (const shown of shownOf(person)) secrets.add("e-mail address or name", shown);
  return person;
}

/** What the page that asks shows of somebody. */
export function shownOf({ email, name }: Person): readonly string[] {
  return [email.replace("@example.com", ""), name];
}
