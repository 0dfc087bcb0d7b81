import type { Reply } from "example-product";

export function send({ status, headers, body }: Reply): Response {
  return new Response(body, { status, headers });
}
