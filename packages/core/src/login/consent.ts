import * as v from "valibot";

/**
 * Something the user chooses on AuthKit's consent screen; the chosen value becomes a string claim of the access
 * token. Choices are flat or grouped, never both. Source: AuthKit, Standalone Connect, "User consent options".
 */
export interface UserConsentOption {
  /** The name of the claim, such as `urn:example:tenant`. Names that tokens use themselves (`sub`, `scope`, ...) are refused. */
  readonly claim: string;
  /** The only type there is; may be left out. */
  readonly type?: "enum" | undefined;
  /** What the consent screen calls the option. */
  readonly label: string;
  /** At least one. The values of one option, over all its groups, are all different. */
  readonly choices: readonly UserConsentChoice[] | readonly UserConsentChoiceGroup[];
}

/** One value the user can choose. */
export interface UserConsentChoice {
  /** What the claim holds when this is chosen. */
  readonly value: string;
  /** What the consent screen shows for it. */
  readonly label: string;
}

/** Choices under a common heading. */
export interface UserConsentChoiceGroup {
  /** The heading. */
  readonly group: string;
  readonly choices: readonly UserConsentChoice[];
}

/**
 * Claims with a meaning of their own. AuthKit refuses reserved names but publishes no list; these are the registered
 * claims and the ones AuthKit puts into its tokens.
 */
const RESERVED_CLAIMS: ReadonlySet<string> = new Set([
  ...["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id", "scope", "org_id", "act", "cnf"],
  ...["__proto__", "constructor", "prototype"],
]);

const text = /* @__PURE__ */ (() =>
  v.pipe(
    v.string("must be a string"),
    v.minLength(1, "must not be empty"),
    v.maxLength(1024, "is too long"),
  ))();

const choiceSchema = /* @__PURE__ */ (() =>
  v.strictObject({ value: text, label: text }, "must be { value, label }"))();
const groupSchema = /* @__PURE__ */ (() =>
  v.strictObject(
    {
      group: text,
      choices: v.pipe(v.array(choiceSchema, "must be a list"), v.minLength(1, "must not be empty")),
    },
    "must be { group, choices }",
  ))();

/** Looks at the first entry, so that a fault is named where it is instead of as "neither flat nor grouped". */
const choicesSchema = /* @__PURE__ */ (() =>
  v.lazy((choices) =>
    v.pipe(
      v.array(isGroup(choices) ? groupSchema : choiceSchema, "must be a list") as v.GenericSchema<
        v.InferOutput<typeof choiceSchema>[] | v.InferOutput<typeof groupSchema>[]
      >,
      v.minLength(1, "must not be empty"),
      v.check((list) => isDistinct(list.flatMap(valuesOf)), "must have different values"),
    ),
  ))();

export const userConsentOptionsSchema = /* @__PURE__ */ (() =>
  v.pipe(
    v.array(
      v.object(
        {
          claim: v.pipe(
            text,
            v.check((claim) => !RESERVED_CLAIMS.has(claim), "is reserved"),
          ),
          type: v.optional(v.literal("enum", 'must be "enum"'), "enum"),
          label: text,
          choices: choicesSchema,
        },
        "must be an object",
      ),
      "must be a list",
    ),
    v.check((options) => isDistinct(options.map((option) => option.claim)), "must have different claims"),
  ))();

function isGroup(choices: unknown): boolean {
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  return typeof first === "object" && first !== null && "group" in first;
}

/** The values of an entry: its own, or those of the choices in its group. */
export function valuesOf(entry: UserConsentChoice | UserConsentChoiceGroup): string[] {
  return "group" in entry ? entry.choices.map((choice) => choice.value) : [entry.value];
}

function isDistinct(list: readonly string[]): boolean {
  return new Set(list).size === list.length;
}
