import { drive } from "@connect/testing/drive";

const { tokens } = await drive({
  authkit: { issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000" },
  user: { cookie: "session=ada" },
  resource: process.env.RESOURCE ?? "http://localhost:3000/api",
});
console.log(tokens.accessToken);
