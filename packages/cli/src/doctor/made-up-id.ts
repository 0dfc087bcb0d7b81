import { randomUUID } from "node:crypto";

/** An `external_auth_id` that AuthKit never gave: no login can be completed with it. */
export function makeUpId(): string {
  return `connect_doctor_${randomUUID()}`;
}
