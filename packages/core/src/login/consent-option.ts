import * as v from "valibot";
import { invalidConfig } from "../config.js";
import type { StandardSchema } from "../ports.js";
import {
  type UserConsentChoice,
  type UserConsentChoiceGroup,
  type UserConsentOption,
  userConsentOptionsSchema,
  valuesOf,
} from "./consent.js";
import { describeFault } from "./fault.js";

type Choices = readonly UserConsentChoice[] | readonly UserConsentChoiceGroup[];

/** The values that can be chosen, as a union. */
type ValueOf<C extends Choices> = C[number] extends infer Entry
  ? Entry extends { readonly value: infer Value extends string }
    ? Value
    : Entry extends { readonly choices: readonly { readonly value: infer Value extends string }[] }
      ? Value
      : never
  : never;

/** What a verified token's claims look like with this option's claim in them. */
type ClaimsWith<Claim extends string, Value, Optional extends boolean> = Optional extends true
  ? { readonly [C in Claim]?: Value }
  : { readonly [C in Claim]: Value };

/**
 * An option whose choices are the same for everybody. It goes into `authenticate`'s answer (`userConsentOptions`) and
 * into the verifier (`claims`), where it is a Standard Schema.
 */
export type ConsentOption<
  Claim extends string,
  Value extends string,
  Optional extends boolean,
> = UserConsentOption & StandardSchema<ClaimsWith<Claim, Value, Optional>>;

/** An option whose choices each user has for themselves: they are given with `withChoices`, in `authenticate`. */
export type PersonalConsentOption<Claim extends string, Optional extends boolean> = StandardSchema<
  ClaimsWith<Claim, string, Optional>
> & {
  readonly claim: Claim;
  readonly label: string;
  /** The option with this user's choices, for `userConsentOptions`; checked when the login is completed. */
  withChoices(choices: Choices): UserConsentOption;
};

interface Definition<Optional extends boolean> {
  /** What the consent screen calls the option. */
  readonly label: string;
  /**
   * Whether a token without the claim is good, too. Default false: such a token is refused. AuthKit's tokens lack it
   * where the user was not asked, and those issued before the option was.
   */
  readonly optional?: Optional;
}

/**
 * One definition from consent to claim: what the user is asked, and what the access token then holds. With `choices`
 * the claim's type is the union of their values, and a token with any other value is refused; without, it is a string.
 * Throws `invalid_config` for a claim, label or choices that AuthKit would refuse.
 */
export function consentOption<
  const Claim extends string,
  const C extends Choices,
  const Optional extends boolean = false,
>(
  claim: Claim,
  definition: Definition<Optional> & { readonly choices: C },
): ConsentOption<Claim, ValueOf<C>, Optional>;
export function consentOption<const Claim extends string, const Optional extends boolean = false>(
  claim: Claim,
  definition: Definition<Optional> & { readonly choices?: undefined },
): PersonalConsentOption<Claim, Optional>;
export function consentOption(
  claim: string,
  { label, choices, optional = false }: Definition<boolean> & { readonly choices?: Choices | undefined },
): object {
  checkOption({ claim, label, choices: choices ?? [{ value: "any", label: "any" }] });
  const values = choices === undefined ? undefined : new Set(choices.flatMap(valuesOf));
  const schema = {
    "~standard": {
      version: 1,
      vendor: "@connect/core",
      validate(claims: unknown) {
        const value = readClaim(claims, claim);
        if (value === undefined && optional) return { value: {} };
        const isGood =
          typeof value === "string" && value !== "" && (values === undefined || values.has(value));
        return isGood ? { value: { [claim]: value } } : { issues: [{ message: "not one of the choices" }] };
      },
    },
  } as const satisfies StandardSchema<object>;
  return choices === undefined
    ? { claim, label, withChoices: (own: Choices) => ({ claim, label, choices: own }), ...schema }
    : { claim, type: "enum", label, choices, ...schema };
}

function checkOption(option: object): void {
  const parsed = v.safeParse(userConsentOptionsSchema, [option], { abortEarly: true });
  if (parsed.success) return;
  const issue = parsed.issues[0];
  // The first step is the option's place in a list that only stands here.
  const path = issue.path?.map((item) => item.key).slice(1) ?? [];
  throw invalidConfig(`consentOption: ${describeFault(issue, path)}`);
}

function readClaim(claims: unknown, claim: string): unknown {
  return typeof claims === "object" && claims !== null && Object.hasOwn(claims, claim)
    ? (claims as Record<string, unknown>)[claim]
    : undefined;
}
