import { isConnectError } from "@connect/core";
import { expect } from "./target.js";

const INHERITED = Reflect.ownKeys(Object.prototype).length;

/** What came of it: what it gave, or the code and reason that it failed with. Only errors of Connect's may come out. */
export async function verdictOf<T>(run: () => Promise<T>): Promise<{ verdict: string; given?: T }> {
  try {
    return { verdict: "good", given: await run() };
  } catch (error) {
    if (!isConnectError(error)) throw error;
    return { verdict: `${error.code}: ${error.reason}` };
  } finally {
    expect(Reflect.ownKeys(Object.prototype).length === INHERITED, "what all objects inherit was changed");
  }
}
