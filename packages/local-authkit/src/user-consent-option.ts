import { RESERVED_IN_TEMPLATES } from "./jwt-template.js";
import type { Switches } from "./switches.js";

export interface Choice {
  value: string;
  label: string;
}

interface ChoiceGroup {
  group: string;
  choices: Choice[];
}

/** A question of the application that the user answers on the consent screen (AuthKit: User Consent Options). */
export interface UserConsentOption {
  /** The access token's claim that gets the chosen value. */
  claim: string;
  label: string;
  choices: (Choice | ChoiceGroup)[];
}

/**
 * Claims an option may not set. AuthKit documents no list; assumed are the ones its JWT templates reserve and the
 * others that its access tokens carry. Whatever may be set, the claims that AuthKit sets by itself stand.
 */
export const RESERVED_CLAIMS: Record<Switches["reservedClaims"], readonly string[]> = {
  "access-token": [...RESERVED_IN_TEMPLATES, "aud", "sid", "client_id", "scope", "org_id"],
  "jwt-template": RESERVED_IN_TEMPLATES,
  none: [],
};

/** All choices of an option, in or out of groups. */
export function choicesOf(option: UserConsentOption): Choice[] {
  return option.choices.flatMap((entry) => ("group" in entry ? entry.choices : [entry]));
}
