import { createHash } from "node:crypto";

/** Somebody with an account of the application's. */
export interface Person {
  readonly session: string;
  readonly id: string;
  readonly email: string;
  readonly name: string;
}

/** Whose session it is: the application and those who watch it work it out alike, so that neither has to tell the other. */
export function personOf(session: string): Person {
  const digits = createHash("sha256").update(session).digest("hex");
  return {
    session,
    id: `usr_${digits.slice(0, 24)}`,
    email: `m${digits.slice(24, 44)}@example.com`,
    name: `Ada n${digits.slice(44, 64)}`,
  };
}
