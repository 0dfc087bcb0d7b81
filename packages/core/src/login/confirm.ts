import { ConnectError } from "../errors.js";
import type { ConfirmationForm } from "../outcome.js";
import type { RequestView } from "../ports.js";
import { type LoginRequest, readForm } from "./form.js";
import type { Memo } from "./memo.js";
import type { Seal } from "./seal.js";
import type { User } from "./user.js";

/**
 * Whether the user is asked before a login is completed. `true`: always, on a page of the SDK's. A function says so for
 * each user: `true`, `false`, or the HTML of a page of the application's own, which posts the form's fields.
 */
export type Confirm =
  | true
  | ((user: User, form: ConfirmationForm) => boolean | string | Promise<boolean | string>);

/** What the user says on the page. */
type ConfirmationAnswer = "continue" | "switch" | "deny";

/** A posted confirmation page. */
export interface PostedConfirmation {
  readonly answer: ConfirmationAnswer;
  readonly proof: string;
}

/** How long a page can be answered, in seconds. */
const PROOF_LIFE = 300;

/**
 * Reads the answer from the page. Throws `method_not_allowed` where the form was not sent by this site's own page
 * (reason `origin`) or is none (reason `form`).
 */
export async function readConfirmation(request: LoginRequest): Promise<PostedConfirmation> {
  requireSameOrigin(request);
  const form = await readForm(request);
  const [answer, proof = ""] = [form.get("answer"), form.get("proof")];
  if (answer !== "continue" && answer !== "switch" && answer !== "deny") {
    throw new ConnectError("method_not_allowed", { reason: "form" });
  }
  return { answer, proof };
}

/** A new proof that this user was asked about this login. */
export function createProof(seal: Seal, externalAuthId: string, userId: string): Promise<string> {
  return seal.close({ id: externalAuthId, userId, jti: crypto.randomUUID() }, PROOF_LIFE);
}

/** Whether it was this user who was asked about this login; `isFirst` says whether the proof is new. */
export async function checkProof(
  seal: Seal,
  memo: Memo,
  proof: string,
  { externalAuthId, userId }: { readonly externalAuthId: string; readonly userId: string },
): Promise<{ readonly isGood: boolean; readonly isFirst: boolean }> {
  const content = await seal.open(proof);
  const isGood =
    content !== undefined &&
    content.id === externalAuthId &&
    content.userId === userId &&
    typeof content.jti === "string";
  return { isGood, isFirst: isGood && (await memo.use(String(content.jti), PROOF_LIFE)) };
}

/**
 * Browsers say themselves where a form comes from (`Sec-Fetch-Site`); older ones say its origin alone, which then must be
 * that of the host it was sent to. The proof is what counts: no other site can have one. This stops the rest early.
 */
function requireSameOrigin({ headers }: RequestView): void {
  const site = headers.get("sec-fetch-site");
  const origin = headers.get("origin");
  const isSame =
    site !== null
      ? site === "same-origin"
      : origin !== null && URL.canParse(origin) && new URL(origin).host === headers.get("host");
  if (!isSame) throw new ConnectError("method_not_allowed", { reason: "origin" });
}
