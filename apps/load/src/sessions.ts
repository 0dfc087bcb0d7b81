import type { ServerProcess } from "./server-process.js";
import { ACCOUNTS } from "./stage.js";

/** Signs every account in at an example, as its own page does; gives the cookies. */
export function signIn({ port }: Pick<ServerProcess, "port">): Promise<readonly string[]> {
  return Promise.all(
    ACCOUNTS.map(async ({ email, password }) => {
      const response = await fetch(`http://localhost:${port}/sign-in`, {
        method: "POST",
        body: new URLSearchParams({ email, password }),
        // No connection of this process stays: those that are left are counted.
        headers: { connection: "close" },
        redirect: "manual",
      });
      await response.text();
      const [cookie] = response.headers.getSetCookie();
      if (cookie === undefined) throw new Error(`Signing in was answered with ${response.status}.`);
      return cookie.slice(0, cookie.indexOf(";"));
    }),
  );
}
