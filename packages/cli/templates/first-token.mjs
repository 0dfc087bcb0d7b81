// A first access token, on the terminal: an OAuth client and a browser in one. Start it with the line that `connect dev`
// prints as Token.
import { drive } from "@connect/testing/drive";

const { tokens } = await drive({
  authkit: { issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000" },
  // A user of your sign-in page, by the names of its form's fields.
  user: { fields: { email: "ada@example.com", password: "..." } },
  resource: process.env.RESOURCE,
}).catch((error) => {
  console.error(error.message); // what your application says of it is in its own log
  process.exit(1);
});
console.log(tokens.accessToken);
