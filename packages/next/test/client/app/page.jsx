"use client";

import { loginRoute } from "@connect/next";
import { ConfirmForm } from "@connect/next/confirm-form";
import { requireToken } from "@connect/next/pages";
import { getAccessToken } from "@connect/next/server";

export default function Page() {
  return <ConfirmForm onSubmit={() => console.log(loginRoute, requireToken, getAccessToken)} />;
}
