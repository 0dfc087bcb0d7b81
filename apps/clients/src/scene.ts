import { type LocalAuthKit, type LocalAuthKitOptions, startLocalAuthKit } from "@connect/local-authkit";
import { getRequestListener } from "@hono/node-server";
import { createApplication, resourceOf } from "./application.js";
import { listen } from "./listen.js";

/** What of a local AuthKit is needed, wherever it runs. */
export interface AuthKit extends Pick<LocalAuthKit, "url" | "issuer" | "apiKey" | "close"> {
  /** How far its clock is ahead of this process's, in milliseconds. Default: 0. */
  readonly ahead?: number;
}

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
  close(): Promise<void>;
}

export interface SceneOptions {
  /** Where else a client may be redirected to: paths of servers on this machine. */
  readonly callbackPaths?: readonly string[];
  /** What AuthKit has besides. */
  readonly authkit?: LocalAuthKitOptions;
  /** Default: one in this process. */
  readonly startAuthKit?: (options: LocalAuthKitOptions) => Promise<AuthKit>;
}

/** Starts both on free ports. */
export async function openScene({
  callbackPaths = [],
  authkit: options = {},
  startAuthKit = startLocalAuthKit,
}: SceneOptions = {}): Promise<Scene> {
  const application = await listen();
  const { url } = application;
  const redirectUris = [client.redirectUri, ...callbackPaths.map((path) => `http://localhost${path}`)];
  const resource = resourceOf(url);
  const authkit: AuthKit = await startAuthKit({
    ...options,
    port: 0,
    loginUri: `${url}/login`,
    resources: [resource],
    clients: [{ clientId: client.id, clientSecret: client.secret, name: "Acme Reports", redirectUris }],
  });
  const clock = () => Date.now() + (authkit.ahead ?? 0);
  application.answer(getRequestListener(createApplication({ url, authkit, clock }).fetch));
  return {
    authkit,
    applicationUrl: url,
    resource,
    async close() {
      await application.close();
      await authkit.close();
    },
  };
}
