import type { BareAnswer } from "../src/bare/answers";

export function send({ status, headers, body }: BareAnswer): Response {
  return new Response(body, { status, headers });
}
