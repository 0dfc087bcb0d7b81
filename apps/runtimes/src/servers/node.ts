import { createWebApplication } from "@connect/adapter-contract/web";
import { serve } from "@hono/node-server";

const [, , authkitUrl = ""] = process.argv;

serve({ fetch: createWebApplication(authkitUrl), port: 0, hostname: "127.0.0.1" }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}`),
);
