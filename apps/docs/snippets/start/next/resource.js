// resource.js, of Next.js
import { createProtectedResource, createVerifier } from "@connect/core";

const authkitUrl = process.env.AUTHKIT_URL ?? "http://localhost:4000";
export const resource = createProtectedResource({ resource: "http://localhost:3000/mcp", authkitUrl });
export const verifier = createVerifier({
  ...resource.verifierConfig,
  onRefusal: (error) => console.warn(error.message),
});
