import * as v from "valibot";

import { type ApiReply, type FieldError, invalid, invalidBy } from "./api-reply.js";

const invalidParameter = "invalid";

const querySchema = v.object({
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/, invalidParameter),
      v.toNumber(),
      v.minValue(1, invalidParameter),
      v.maxValue(100, invalidParameter),
    ),
    "10",
  ),
  order: v.optional(v.picklist(["desc", "asc", "normal"], invalidParameter), "desc"),
  after: v.optional(v.string()),
  before: v.optional(v.string()),
});

/**
 * A page of a list as WorkOS's API has them (the OpenAPI document): `limit` is 1 to 100, 10 by default; `order` is
 * `desc` by default; in `normal`, which is `desc`, too, `before` leads to older objects and `after` to newer ones.
 * Expects the objects in the order they were made in.
 */
export function paginate<T extends { id: string }>(
  oldestFirst: readonly T[],
  query: Record<string, string>,
  encode: (item: T) => Record<string, unknown>,
): ApiReply {
  const parsed = v.safeParse(querySchema, query);
  if (!parsed.success) {
    return invalidBy(parsed.issues);
  }
  const { limit, order, after, before } = parsed.output;
  const items = order === "asc" ? oldestFirst : oldestFirst.toReversed();
  const isReversed = order === "normal";
  const [behind, ahead] = isReversed ? [before, after] : [after, before];

  const indexOf = (id: string) => items.findIndex((item) => item.id === id);
  const unknown = Object.entries({ after, before }).filter(([, id]) => id !== undefined && indexOf(id) < 0);
  if (unknown.length > 0)
    return invalid(unknown.map(([field]): FieldError => ({ field, code: "not_found" })));

  const low = behind === undefined ? 0 : indexOf(behind) + 1;
  const high = ahead === undefined ? items.length : indexOf(ahead);
  // Towards the start, the page is the one that ends where the cursor is.
  const start = ahead !== undefined && behind === undefined ? Math.max(low, high - limit) : low;
  const page = items.slice(start, Math.min(start + limit, high));
  const first = start > 0 ? (page.at(0)?.id ?? null) : null;
  const last = start + page.length < items.length ? (page.at(-1)?.id ?? null) : null;
  return {
    status: 200,
    body: {
      object: "list",
      data: page.map(encode),
      list_metadata: isReversed ? { before: last, after: first } : { before: first, after: last },
    },
  };
}
