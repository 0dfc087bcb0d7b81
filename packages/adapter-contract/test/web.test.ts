import { describeAdapter } from "@connect/adapter-contract";
import { createWebApplication, ERROR_MARKER } from "@connect/adapter-contract/web";
import { type ServerType, serve } from "@hono/node-server";

describeAdapter("@connect/core/web", async (authkitUrl) => {
  let server: ServerType | undefined;
  const port = await new Promise<number>((resolve) => {
    const fetch = createWebApplication(authkitUrl);
    server = serve({ fetch, port: 0, hostname: "127.0.0.1" }, (address) => resolve(address.port));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    errorMarker: ERROR_MARKER,
    close: () => new Promise((resolve) => server?.close(() => resolve()) ?? resolve()),
  };
});
