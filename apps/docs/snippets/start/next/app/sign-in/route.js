// app/sign-in/route.js, of Next.js
// The product as it is: one user, one session, no password.
export function GET() {
  const headers = { "content-type": "text/html" };
  return new Response(`<form method="post"><button>Sign in as Ada</button></form>`, { headers });
}

export function POST(/** @type {Request} */ request) {
  const returnTo = new URL(request.url).searchParams.get("return_to") ?? "/";
  const headers = {
    location: returnTo.startsWith("/auth/login?") ? returnTo : "/",
    "set-cookie": "session=ada; Path=/; HttpOnly; SameSite=Lax",
  };
  return new Response(null, { status: 303, headers });
}
