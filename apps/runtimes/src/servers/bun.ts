import { createWebApplication } from "@connect/adapter-contract/web";

/** As much of Bun as is used here. */
declare const Bun: {
  readonly argv: readonly string[];
  serve(options: { fetch: (request: Request) => Promise<Response>; port: number; hostname: string }): {
    readonly port: number;
  };
};

const [, , authkitUrl = ""] = Bun.argv;

const { port } = Bun.serve({ fetch: createWebApplication(authkitUrl), port: 0, hostname: "127.0.0.1" });
console.log(`http://127.0.0.1:${port}`);
