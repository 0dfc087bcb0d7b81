import type { ApiAccess } from "../api-access.js";
import { startDeadline } from "../bounds.js";
import { ConnectError } from "../errors.js";
import type { Attempt } from "../events.js";
import { type ApiCall, type HttpAnswer, HttpLoss, send, toApiFailure, toResult } from "../http.js";

/** The longest that the pauses before the second and the third try may be, in milliseconds. There is no fourth try. */
const PAUSES = [250, 1_000];

/**
 * Makes a call that must not take effect twice. It is repeated, with the same idempotency key and at most twice, only
 * where AuthKit surely did not act (no connection was made) or says to come again (429, 503), after a random pause or as
 * long as `Retry-After` says, and all of it within the one time of `api.timeout`.
 *
 * `onAttempt` is told of each try. Returns any answer that is the caller's to read. Throws `rate_limited`, `authkit_unavailable` (AuthKit did not act),
 * `unauthorized_api_key`, and `completion_outcome_unknown` where the answer was lost on the way (reason `timeout` or
 * `network`) or is a server's that can't tell what became of the call (500, 502, 504; reason `status`).
 */
export async function exchange(
  api: ApiAccess,
  call: ApiCall,
  onAttempt?: (attempt: Attempt) => void,
): Promise<HttpAnswer> {
  const deadline = startDeadline(api.timeout);
  const end = performance.now() + api.timeout;
  for (let tries = 0; ; tries++) {
    const begun = performance.now();
    const answer = await send(api, call, deadline);
    onAttempt?.({ attempt: tries + 1, ...toResult(answer), ms: performance.now() - begun });
    const failure = answer instanceof HttpLoss ? toLoss(answer) : toFailure(answer);
    if (failure === undefined) return answer as HttpAnswer;
    const longest = PAUSES[tries];
    if (!failure.retryable || longest === undefined) throw failure;
    const pause = failure.retryAfter === undefined ? Math.random() * longest : failure.retryAfter * 1000;
    if (performance.now() + pause >= end) throw failure;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function toLoss({ reason, isUnsent }: HttpLoss): ConnectError {
  return new ConnectError(isUnsent ? "authkit_unavailable" : "completion_outcome_unknown", { reason });
}

function toFailure(answer: HttpAnswer): ConnectError | undefined {
  const isUncertain = answer.status >= 500 && answer.status !== 503;
  return isUncertain
    ? new ConnectError("completion_outcome_unknown", { reason: "status" })
    : toApiFailure(answer);
}
