import { createWebApplication } from "@connect/adapter-contract/web";

/** As much of Deno as is used here. */
declare const Deno: {
  createHttpClient(options: { poolMaxIdlePerHost: number }): object;
  readonly args: readonly string[];
  serve(
    options: { port: number; hostname: string; onListen: (address: { readonly port: number }) => void },
    handler: (request: Request) => Promise<Response>,
  ): unknown;
};

const [authkitUrl = ""] = Deno.args;

// Deno sends a POST again by itself where a connection that it used before breaks off. This one uses none twice.
const client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
const fetchOnce = (url: string, init?: RequestInit) => fetch(url, { ...init, client } as RequestInit);

Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(`http://127.0.0.1:${port}`) },
  createWebApplication(authkitUrl, fetchOnce),
);
