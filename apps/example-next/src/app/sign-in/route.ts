import type { NextRequest } from "next/server";
import { site } from "../../connect";
import { send } from "../../send";

export const GET = (request: NextRequest) =>
  send(site.signInForm(request.nextUrl.searchParams.get("return_to")));

export const POST = async (request: NextRequest) =>
  send(await site.signIn(request.headers, Object.fromEntries(await request.formData())));
