import { betterAuth } from "better-auth";
import { memoryAdapter } from "better-auth/adapters/memory";
import { admin, anonymous, twoFactor } from "better-auth/plugins";

type Row = Record<string, unknown>;

export const tables: Record<string, Row[]> = {
  user: [],
  session: [],
  account: [],
  verification: [],
  twoFactor: [],
};

export const auth = betterAuth({
  baseURL: "http://localhost:3000",
  secret: "a secret of thirty-two characters",
  database: memoryAdapter(tables),
  emailAndPassword: { enabled: true },
  // So that a session which is revoked is still in the cookie.
  session: { cookieCache: { enabled: true, maxAge: 300 } },
  rateLimit: { enabled: false },
  plugins: [anonymous(), admin(), twoFactor()],
});
