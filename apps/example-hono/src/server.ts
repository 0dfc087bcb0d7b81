import { serve } from "@hono/node-server";
import { exitOnListenError, resourceIndicators } from "example-product";
import { app } from "./app.js";
import { environment } from "./connect.js";

const server = serve({ fetch: app.fetch, port: environment.port, hostname: "localhost" }, ({ port }) => {
  console.log(`Heron Notes (Hono) on http://localhost:${port}`);
  console.log(resourceIndicators(environment));
});
server.on("error", exitOnListenError);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => server.close());
