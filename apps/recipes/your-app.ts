/** Stands in for your application's own sessions: who is signed in, by the cookies of a request. */
export async function currentUser(cookies: string | null | undefined) {
  const isAda = cookies?.split("; ").includes("session=ada") ?? false;
  return isAda ? { id: "ada", email: "ada@example.com", name: "Ada Lovelace" } : null;
}
