import type { Page } from "./browser.js";
import type { Button, Field, Form } from "./form.js";

/** A form of a page and the button to press. */
export interface Asked {
  readonly form: Form;
  readonly button: Button;
}

/** The page that asks before a login is completed (`confirm`): the SDK's, or the application's own with the same fields. */
export function findConfirmation({ forms }: Page, answer: "continue" | "deny"): Asked | undefined {
  const asking = forms.filter(({ fields }) => fields.some(({ name }) => name === "proof"));
  return findButton(asking, "answer", answer);
}

/** AuthKit's question in whose organization's name the client shall act. */
export function findOrganizations({ forms }: Page): { form: Form; field: Field } | undefined {
  for (const form of forms) {
    const field = form.fields.find(({ name }) => name === "organization_id");
    if (field?.choices !== undefined) return { form, field };
  }
  return undefined;
}

/** AuthKit's consent page. */
export function findConsent({ forms }: Page, decision: "allow" | "deny"): Asked | undefined {
  return findButton(forms, "decision", decision);
}

/** What the consent page asks the user to choose, by claim. */
export function choicesOf({ fields }: Form): ReadonlyMap<string, Field> {
  const selects = new Map<string, Field>();
  for (const field of fields) {
    const claim = field.attributes.get("data-claim");
    if (claim !== undefined) selects.set(claim, field);
  }
  return selects;
}

/** The first form that has all these fields. */
export function findForm({ forms }: Page, names: readonly string[]): Form | undefined {
  return forms.find(({ fields }) => names.every((name) => fields.some((field) => field.name === name)));
}

/** What the page calls itself. */
export function titleOf({ html }: Page): string {
  return /<title>([^<]{1,100})<\/title>/i.exec(html)?.[1]?.trim() ?? "";
}

function findButton(forms: readonly Form[], name: string, value: string): Asked | undefined {
  for (const form of forms) {
    const button = form.buttons.find((one) => one.name === name && one.value === value);
    if (button !== undefined) return { form, button };
  }
  return undefined;
}
