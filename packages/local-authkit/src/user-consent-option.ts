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
  choices: Choice[] | ChoiceGroup[];
}

/**
 * Claims an option may not set. AuthKit documents no list; these are the ones its JWT templates reserve and the
 * others that its access tokens carry (assumed).
 */
export const RESERVED_CLAIMS: readonly string[] = [
  "iss",
  "sub",
  "aud",
  "exp",
  "iat",
  "nbf",
  "jti",
  "sid",
  "client_id",
  "scope",
  "org_id",
];

/** All choices of an option, in or out of groups. */
export function choicesOf(option: UserConsentOption): Choice[] {
  return option.choices.flatMap((entry) => ("group" in entry ? entry.choices : [entry]));
}
