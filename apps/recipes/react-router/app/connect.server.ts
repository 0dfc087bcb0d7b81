import { createLogin, createProtectedResource, createVerifier } from "@connect/core";

const { WORKOS_API_KEY: apiKey = "", WORKOS_API_URL: apiUrl, AUTHKIT_URL: authkitUrl = "" } = process.env;

export const login = createLogin({ apiKey, apiUrl, authkitUrl });

export const resource = createProtectedResource({ resource: `${process.env.APP_URL}/api`, authkitUrl });
export const verifier = createVerifier({
  ...resource.verifierConfig,
  onRefusal: (error) => console.warn(error.message),
});
