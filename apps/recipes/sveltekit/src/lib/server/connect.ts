import { createLogin, createProtectedResource, createVerifier } from "@connect/core";
import { env } from "$env/dynamic/private";

const { WORKOS_API_KEY: apiKey = "", WORKOS_API_URL: apiUrl, AUTHKIT_URL: authkitUrl = "" } = env;

export const login = createLogin({ apiKey, apiUrl, authkitUrl });

export const resource = createProtectedResource({ resource: `${env.APP_URL}/api`, authkitUrl });
export const verifier = createVerifier({
  ...resource.verifierConfig,
  onRefusal: (error) => console.warn(error.message),
});
