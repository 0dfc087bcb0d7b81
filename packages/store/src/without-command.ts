/**
 * Asks a client, and takes from what it throws the command that failed: ioredis hangs it there, and so the key and the
 * value would be in the application's log. All else of the error is left as it is.
 */
export async function withoutCommand<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (typeof error === "object" && error !== null) Reflect.deleteProperty(error, "command");
    throw error;
  }
}
