import { createWebApplication } from "@connect/adapter-contract/web";

/** As much of Deno as is used here. */
declare const Deno: {
  readonly args: readonly string[];
  serve(
    options: { port: number; hostname: string; onListen: (address: { readonly port: number }) => void },
    handler: (request: Request) => Promise<Response>,
  ): unknown;
};

const [authkitUrl = ""] = Deno.args;

Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`) },
  createWebApplication(authkitUrl),
);
