import { fromExpressSession, type SignedInUser } from "@connect/sessions/express-session";
import { describe, expect, it } from "vitest";

const context = { externalAuthId: "id", returnTo: "/auth/login" };
const completed = { user: { id: "ada", email: "ada@example.com" } };
const toVerifyEmail = { redirectTo: "/verify-email?return_to=%2Fauth%2Flogin" };

function answerFor(found: object | null) {
  const authenticate = fromExpressSession(
    () => "ada",
    () => found as SignedInUser | null,
    { verifyEmailUrl: "/verify-email" },
  );
  return authenticate({ session: {} }, context);
}

const ada = { id: "ada", email: "ada@example.com" };

describe("a user whom the look-up finds", () => {
  it.each([true, new Date("2026-01-01")])(
    "has a verified address where emailVerified is %o",
    async (emailVerified) => {
      expect(await answerFor({ ...ada, emailVerified })).toMatchObject(completed);
    },
  );

  it.each([false, null, new Date("0000-00-00")])(
    "is sent to verify the address where emailVerified is %o",
    async (emailVerified) => {
      expect(await answerFor({ ...ada, emailVerified })).toEqual(toVerifyEmail);
    },
  );

  it.each([null, undefined, ""])("is sent to give an address where it is %o", async (email) => {
    expect(await answerFor({ ...ada, email, emailVerified: true })).toEqual(toVerifyEmail);
  });

  it.each([undefined, 0, 1, "false", "2026-01-01"])(
    "is refused where emailVerified is %o, which may mean anything",
    async (emailVerified) => {
      await expect(answerFor({ ...ada, emailVerified })).rejects.toMatchObject({
        code: "invalid_user",
        message: "The user is not valid. (user.emailVerified: must be a boolean, a Date or null)",
      });
    },
  );

  it("keeps the rest of their row to themselves, also what AuthKit would take", async () => {
    const row = {
      ...ada,
      emailVerified: true,
      firstName: "Ada",
      passwordHash: "secret",
      metadata: { note: "owes us" },
    };
    expect(await answerFor(row)).toEqual({ user: { ...ada, firstName: "Ada" } });
  });

  it("is nobody where the look-up finds nobody", async () => {
    expect(await answerFor(null)).toBeNull();
  });

  it("must be said by type to have a verified address or not", () => {
    // @ts-expect-error emailVerified is missing
    const user: SignedInUser = { ...ada };
    expect(user).toBeDefined();
  });
});

it.each([undefined, null, false, ""])("the look-up is not asked who has the id %o", async (userId) => {
  const authenticate = fromExpressSession(
    () => userId as string | undefined,
    () => ({ ...ada, emailVerified: true }),
    { verifyEmailUrl: "/verify-email" },
  );
  expect(await authenticate({ session: {} }, context)).toBeNull();
});
