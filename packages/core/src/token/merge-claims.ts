import type { StandardSchema } from "../ports.js";

/** What all the schemas make of the claims, taken together. */
type Merged<Schemas extends readonly StandardSchema<object>[]> = Schemas extends readonly [
  StandardSchema<infer First>,
  ...infer Rest extends readonly StandardSchema<object>[],
]
  ? First & Merged<Rest>
  : unknown;

/**
 * One schema out of several, for `createVerifier({ claims: mergeClaims(workspace, schema) })`: consent options beside
 * any Standard Schema. Each looks at all claims; a token must satisfy all of them, and has what each makes of it.
 */
export function mergeClaims<const Schemas extends readonly StandardSchema<object>[]>(
  ...schemas: Schemas
): StandardSchema<Merged<Schemas>> {
  return {
    "~standard": {
      version: 1,
      vendor: "@connect/core",
      async validate(claims) {
        const results = await Promise.all(schemas.map((schema) => schema["~standard"].validate(claims)));
        const issues = results.flatMap((result) => result.issues ?? []);
        if (issues.length > 0) return { issues };
        // Each part is the output of its schema: together they are what the type says.
        const values = results.map((result) => (result.issues === undefined ? result.value : {}));
        // Member by member, and none assigned: a claim called "__proto__" would become what the claims inherit.
        return { value: Object.fromEntries(values.flatMap(Object.entries)) as Merged<Schemas> };
      },
    },
  };
}
