import { catchStray } from "@connect/next";

export const proxy = catchStray("/auth/login");
export const config = { matcher: "/stray" };
