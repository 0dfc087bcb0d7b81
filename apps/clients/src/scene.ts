import type { ConnectError } from "@connect/core";
import { type LocalAuthKit, type LocalAuthKitOptions, startLocalAuthKit } from "@connect/local-authkit";
import { getRequestListener } from "@hono/node-server";
import { createApplication, resourceOf } from "./application.js";
import { serve } from "./serve.js";

/** What of a local AuthKit is needed, wherever it runs. */
export type AuthKit = Pick<LocalAuthKit, "url" | "issuer" | "apiKey" | "close">;

/** The client of all libraries, by the names that OAuth has for what it knows. Any port of this machine is its own. */
export const client = {
  id: "client_field",
  secret: "client_secret:of/the+field",
  /** Of those that have no server: browsers stop before it. */
  redirectUri: "http://localhost/callback",
} as const;

/** What clients ask for. */
export const scope = "openid profile email offline_access";

/** A local AuthKit and the application that is its login. */
export interface Scene {
  readonly authkit: AuthKit;
  readonly applicationUrl: string;
  /** The resource indicator of the application's API. */
  readonly resource: string;
  /** Why logins failed and tokens were refused, by the errors' codes. */
  readonly failures: readonly ConnectError["code"][];
  close(): Promise<void>;
}

export interface SceneOptions {
  /** Where else a client may be redirected to: paths of servers on this machine. */
  readonly callbackPaths?: readonly string[];
  /** What AuthKit has besides. */
  readonly authkit?: LocalAuthKitOptions;
  /** Default: one in this process. */
  readonly startAuthKit?: (options: LocalAuthKitOptions) => Promise<AuthKit>;
  /** Default: `Date.now`. */
  readonly clock?: () => number;
}

/** Starts both on free ports. */
export async function openScene({
  callbackPaths = [],
  authkit: options = {},
  startAuthKit = startLocalAuthKit,
  clock = Date.now,
}: SceneOptions = {}): Promise<Scene> {
  const failures: ConnectError["code"][] = [];
  let authkit: AuthKit | undefined;
  const application = await serve(async (url) => {
    authkit = await startAuthKit({
      ...options,
      port: 0,
      loginUri: `${url}/login`,
      resources: [resourceOf(url)],
      clients: [
        {
          clientId: client.id,
          clientSecret: client.secret,
          name: "Acme Reports",
          redirectUris: [client.redirectUri, ...callbackPaths.map((path) => `http://localhost${path}`)],
        },
      ],
    });
    const onError = ({ code }: ConnectError) => void failures.push(code);
    return getRequestListener(createApplication({ url, authkit, clock, onError }).fetch);
  });
  const started = authkit as unknown as AuthKit;
  return {
    authkit: started,
    applicationUrl: application.url,
    resource: resourceOf(application.url),
    failures,
    async close() {
      await application.close();
      await started.close();
    },
  };
}
