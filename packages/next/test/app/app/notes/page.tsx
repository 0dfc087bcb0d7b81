import { getAccessToken } from "@connect/next/server";
import { redirect } from "next/navigation";
import { application } from "../../application";

async function findReader(isUnreachable: boolean): Promise<string> {
  const verifier = isUnreachable ? application.verifierWithoutKeys : application.verifier;
  return (await getAccessToken(verifier, { scopes: application.scopes }))?.subject ?? "nobody";
}

async function act(form: FormData) {
  "use server";
  redirect(`/acted?as=${await findReader(form.get("keys") === "none")}`);
}

interface Props {
  readonly searchParams: Promise<{ readonly keys?: string }>;
}

export default async function Notes({ searchParams }: Props) {
  const reader = await findReader((await searchParams).keys === "none");
  return (
    <form action={act}>
      <output>{reader}</output>
      <button type="submit">Act</button>
    </form>
  );
}
