import type { NextRequest } from "next/server";
import { answerLogin, CALLER_HEADER } from "../../../src/bare/answers";
import { send } from "../../send";

export const GET = async ({ nextUrl, headers }: NextRequest) =>
  send(
    await answerLogin(nextUrl.searchParams.get("external_auth_id") ?? "", headers.get(CALLER_HEADER) ?? ""),
  );
