import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";

/** Signs in, and goes back to the login by Next's own `redirect`. */
async function signIn(form: FormData) {
  "use server";
  (await cookies()).set("session", "ada", { httpOnly: true, sameSite: "lax" });
  const basePath = process.env.BASE_PATH ?? "";
  const returnTo = String(form.get("return_to"));
  if (!returnTo.startsWith(`${basePath}/auth/login?`)) redirect("/");
  // With scripts, Next puts the base path in front of a path, and without them it does not: a whole address stays.
  redirect(basePath === "" ? returnTo : new URL(returnTo, `http://${(await headers()).get("host")}`).href);
}

interface Props {
  readonly searchParams: Promise<{ readonly return_to?: string }>;
}

export default async function SignIn({ searchParams }: Props) {
  return (
    <form action={signIn}>
      <input type="hidden" name="return_to" value={(await searchParams).return_to} />
      <button type="submit">Sign in</button>
    </form>
  );
}
