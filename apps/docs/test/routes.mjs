// Serves the route handlers of the Next.js application of the start pages, by their folders, as Next.js does.
import { serve } from "@hono/node-server";
import { NextRequest } from "next/server.js";

const app = new URL("../snippets/start/next/app/", import.meta.url);

async function handle(/** @type {Request} */ request) {
  const { pathname } = new URL(request.url);
  const folder = pathname.startsWith("/.well-known/") ? "/.well-known/[...path]" : pathname;
  const route = await import(new URL(`.${folder}/route.js`, app).href);
  const { method, headers, body } = request;
  const nextRequest = new NextRequest(request.url, { method, headers, body, duplex: "half" });
  return route[method](nextRequest, { params: Promise.resolve({}) });
}

serve({ fetch: handle, port: Number(process.env.PORT) }, ({ port }) =>
  console.log(`http://localhost:${port}`),
);
