import type { ConfirmationForm } from "@connect/core";
import type { ComponentProps, ReactElement } from "react";

/** What a button looks like and says; what it sends is the form's. */
export type ConfirmButton = Omit<
  ComponentProps<"button">,
  "name" | "value" | "type" | "form" | "formAction" | "formEncType" | "formMethod" | "formTarget"
>;

/** What {@link ConfirmForm} takes. Any other attribute is the `<form>`'s; children come before the buttons. */
export interface ConfirmFormProps
  extends Omit<ComponentProps<"form">, "action" | "method" | "encType" | "target"> {
  /** What the `confirm` function was given. */
  readonly confirmation: ConfirmationForm;
  /** Goes on as the user who was shown. Default text: Continue. */
  readonly continueButton?: ConfirmButton | undefined;
  /** Lets somebody else sign in. Default text: Not you? Use another account. */
  readonly switchButton?: ConfirmButton | undefined;
  /** Ends the login. Default text: I did not start this. */
  readonly denyButton?: ConfirmButton | undefined;
}

/**
 * The form of a confirmation page of the application's own, unstyled: the proof, the three answers, and the referrer
 * policy without which older browsers would not say that the form is yours. A Server Component, and plain HTML where the
 * page is rendered to text. The first button is what Enter presses.
 */
export function ConfirmForm({
  confirmation,
  continueButton,
  switchButton,
  denyButton,
  children,
  ...attributes
}: ConfirmFormProps): ReactElement {
  return (
    <>
      <meta name="referrer" content="same-origin" />
      <form {...attributes} method="post" action={confirmation.action}>
        {children}
        <input type="hidden" name="proof" value={confirmation.proof} />
        <button {...continueButton} type="submit" name="answer" value="continue">
          {continueButton?.children ?? "Continue"}
        </button>
        <button {...switchButton} type="submit" name="answer" value="switch">
          {switchButton?.children ?? "Not you? Use another account"}
        </button>
        <button {...denyButton} type="submit" name="answer" value="deny">
          {denyButton?.children ?? "I did not start this"}
        </button>
      </form>
    </>
  );
}
