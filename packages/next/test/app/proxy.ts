import { catchStray } from "@connect/next";

export const proxy = catchStray(`${process.env.BASE_PATH ?? ""}/auth/login`);
export const config = { matcher: "/stray/:path*" };
