import { exportSPKI, generateKeyPair, SignJWT } from "jose";
import { serve } from "./serve.js";

const { publicKey, privateKey } = await generateKeyPair("RS256");

/** What Clerk's SDK is told of an instance whose session tokens this test signs. */
export const instance = {
  publishableKey: `pk_test_${btoa("clerk.example.com$")}`,
  secretKey: "sk_test_of_nobody",
  jwtKey: await exportSPKI(publicKey),
};

const users = new Map<string, object>();
const api = await serve((request, response) => {
  const user = users.get(String(request.url?.split("/").at(-1)));
  response.writeHead(failure.status ?? (user ? 200 : 404), { "content-type": "application/json" });
  response.end(JSON.stringify(user ?? { errors: [{ code: "resource_not_found", message: "not found" }] }));
});

/** Clerk's Backend API, where `GET /v1/users/:id` is all that it has. */
export const clerkApi = { url: api.url, close: api.close };

/** What the API answers instead, where a status is set. */
export const failure: { status?: number } = {};

/** A user as the Backend API has them. */
export function addUser(
  id: string,
  { verification = "verified", ...rest }: { verification?: string } & Record<string, unknown> = {},
) {
  users.set(id, {
    object: "user",
    id,
    first_name: "Ada",
    last_name: "Lovelace",
    primary_email_address_id: "email_2",
    email_addresses: [
      {
        id: "email_1",
        email_address: "old@example.com",
        verification: { status: "verified" },
        linked_to: [],
      },
      {
        id: "email_2",
        email_address: "ada@example.com",
        verification: { status: verification },
        linked_to: [],
      },
    ],
    phone_numbers: [],
    web3_wallets: [],
    external_accounts: [],
    banned: false,
    deprovisioned: false,
    ...rest,
  });
}

/** The cookies of a browser that is signed in. */
export async function sessionCookie(
  userId: string,
  {
    key = privateKey,
    life = "60s",
    ...claims
  }: Record<string, unknown> & { key?: CryptoKey; life?: string } = {},
) {
  const token = await new SignJWT({ sid: "sess_1", v: 2, azp: "http://localhost", fva: [0, -1], ...claims })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: "ins_1" })
    .setIssuer("https://clerk.example.com")
    .setSubject(userId)
    .setIssuedAt()
    .setNotBefore("-1s")
    .setExpirationTime(life)
    .sign(key);
  // What is in these says when the browser's client was last changed, and binds it to the development instance.
  return `__session=${token}; __client_uat=1; __clerk_db_jwt=browser`;
}
