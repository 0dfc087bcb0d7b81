import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CompletionApi } from "./completion-api.js";
import { KeysEndpoint } from "./keys-endpoint.js";
import { type Listener, listen } from "./listen.js";
import type { Random } from "./random.js";
import type { Secrets } from "./secrets.js";
import { createKey, type SigningKey } from "./tokens.js";

/** AuthKit's two endpoints that an application talks to, on loopback. */
export interface AuthKit {
  readonly url: string;
  readonly key: SigningKey;
  readonly completions: CompletionApi;
  readonly keys: KeysEndpoint;
  readonly listener: Listener;
  /** Another host, where nothing may ever arrive. */
  readonly stranger: { readonly requests: number };
  close(): Promise<void>;
}

export async function startAuthKit(given: {
  readonly random: Random;
  readonly secrets: Secrets;
  readonly apiKey: string;
}): Promise<AuthKit> {
  const stranger = { requests: 0 };
  const strangerServer = createServer((_, response) => {
    stranger.requests += 1;
    response.writeHead(200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>((resolve) => strangerServer.listen(0, "127.0.0.1", resolve));
  const strangerUrl = `http://127.0.0.1:${(strangerServer.address() as AddressInfo).port}`;

  const key = await createKey();
  const completions = new CompletionApi({ ...given, strangerUrl });
  const keys = new KeysEndpoint([key], strangerUrl);
  const listener = await listen(given.random.branch("port"), async (request, response) => {
    if (request.url === "/oauth2/jwks") keys.answer(request, response);
    else if (request.url === "/authkit/oauth2/complete")
      await completions.answer(request, response, listener.url);
    else response.writeHead(404).end();
  });
  return {
    url: listener.url,
    key,
    completions,
    keys,
    listener,
    stranger,
    async close() {
      await listener.close();
      await new Promise((resolve) => {
        strangerServer.close(resolve);
        strangerServer.closeAllConnections();
      });
    },
  };
}
