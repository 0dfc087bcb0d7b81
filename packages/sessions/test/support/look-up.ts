import { afterEach, expect, it } from "vitest";
import { authkit } from "../../examples/login.js";
import { failure } from "../../examples/users.js";
import { completed, toSignIn, toVerifyEmail, visitLogin } from "./outcome.js";
import type { Visit } from "./serve.js";

export const ada = { id: "ada", email: "ada@example.com", name: "Ada Lovelace" };

/** What holds of a helper that leaves the look-up to the application; `signIn` gives the browser of this user, or of nobody. */
export function itLooksUp(signIn: (userId?: string) => Promise<Visit>): void {
  afterEach(() => {
    delete failure.error;
  });

  it("a user who is signed in goes on to AuthKit with id, e-mail address and name, and nothing else of their row", async () => {
    const { to, user } = await visitLogin(await signIn("ada"));
    expect({ to, user }).toEqual(completed(ada));
    expect(Object.keys(user ?? {}).sort()).toEqual(["email", "id", "name"]);
  });

  it("nobody is signed in without a session", async () => {
    expect(await visitLogin(await signIn())).toEqual(toSignIn);
  });

  it("a user whose e-mail address is not verified is sent to verify it", async () => {
    expect(await visitLogin(await signIn("ben"))).toEqual(toVerifyEmail);
  });

  it("a session whose user is gone is not signed in", async () => {
    expect(await visitLogin(await signIn("gone"))).toEqual(toSignIn);
  });

  it("what the look-up throws is the application's error, and nobody's sign-in", async () => {
    const visit = await signIn("ada");
    failure.error = new Error("the database is away");
    expect(await failureOf(visit)).toBe("the database is away");
  });
}

/** What the application's error handler was given at a visit of the Login URI. */
export async function failureOf(visit: Visit): Promise<string> {
  const response = await visit(authkit.beginLogin().url("/auth/login"));
  expect(response.status).toBe(500);
  return response.text();
}
