import { createLogin } from "@connect/core";
import { createTestAuthKit } from "@connect/testing";

export const authkit = createTestAuthKit();
const { apiKey, issuer, fetch } = authkit;
export const login = createLogin({ apiKey, authkitUrl: issuer, fetch });
