import { drive } from "@connect/testing/drive";

const { tokens } = await drive({
  authkit: { issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000" },
  user: { cookie: "session=ada" },
  ...(process.env.RESOURCE && { resource: process.env.RESOURCE }),
});
console.log(tokens.accessToken);
