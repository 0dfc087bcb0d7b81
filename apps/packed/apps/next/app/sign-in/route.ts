import { type NextRequest, NextResponse } from "next/server";
import { signIn, signInPage, wayBack } from "../../../existing/sessions";

export function GET(request: NextRequest) {
  const page = signInPage(request.nextUrl.searchParams.get("return_to"));
  return new NextResponse(page, { headers: { "content-type": "text/html" } });
}

export async function POST(request: NextRequest) {
  const form = Object.fromEntries(await request.formData());
  const cookie = signIn(form);
  if (cookie === null) return new NextResponse("Wrong password.", { status: 401 });
  const headers = { "set-cookie": cookie, location: wayBack(form.return_to) };
  return new NextResponse(null, { status: 303, headers });
}
