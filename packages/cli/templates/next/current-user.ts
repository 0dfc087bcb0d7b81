import type { User } from "@connect/core";
import type { NextRequest } from "next/server";

type MaybeUser = User | null | undefined;

/** Who is signed in, by your own session; `null` where nobody is, who is then sent to sign in. */
export function currentUser(_request: NextRequest): MaybeUser | Promise<MaybeUser> {
  throw new Error("Read your session here and give { id, email }.");
}
