import { catchStray } from "@connect/next";

export const proxy = catchStray(`${process.env.BASE_PATH ?? ""}/auth/login`);
/** Where a proxy stands before a route, the bodies that come to it are copies. */
export const config = { matcher: ["/stray/:path*", "/mcp"] };
