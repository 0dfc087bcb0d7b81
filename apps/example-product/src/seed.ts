import type { User } from "./database.js";
import type { Workspace } from "./workspaces.js";

/** An account that every new product starts with. Its password is public: the sign-in page shows it. */
export interface DemoAccount extends User {
  password: string;
  workspaces: Workspace[];
}

/** The accounts a new product starts with: several workspaces, one, and none. */
export const demoAccounts: readonly DemoAccount[] = [
  {
    id: "usr_ada",
    email: "ada@example.com",
    firstName: "Ada",
    lastName: "Lovelace",
    password: "ada-password",
    workspaces: [
      { id: "prod_us", name: "US-East", environment: "Production" },
      { id: "prod_eu", name: "EU-West", environment: "Production" },
      { id: "staging_us", name: "US-East", environment: "Staging" },
    ],
  },
  {
    id: "usr_grace",
    email: "grace@example.com",
    firstName: "Grace",
    lastName: "Example",
    password: "grace-password",
    workspaces: [{ id: "prod_eu_grace", name: "EU-West", environment: "Production" }],
  },
  {
    id: "usr_linus",
    email: "linus@example.com",
    firstName: "Linus",
    lastName: "Example",
    password: "linus-password",
    workspaces: [],
  },
];
