import { inspect } from "node:util";
import { type ConnectError, isConnectError } from "../../src/index.js";

/** The ConnectError that `run` throws, at once or as a rejection. Anything else fails the test. */
export async function caught(run: () => unknown): Promise<ConnectError> {
  let result: unknown;
  try {
    result = await run();
  } catch (error) {
    if (isConnectError(error)) return error;
    throw new Error(`not a ConnectError: ${inspect(error)}`);
  }
  throw new Error(`nothing was thrown, but returned: ${inspect(result)}`);
}

/** All that a value shows of itself when it is printed, logged or sent. */
export function everythingSaidBy(value: unknown): string {
  const { message = "", reason = "", stack = "" } = (value ?? {}) as Partial<ConnectError>;
  return [
    message,
    reason,
    stack,
    String(value),
    JSON.stringify(value),
    inspect(value, { depth: 10, showHidden: true }),
  ].join("\n");
}
