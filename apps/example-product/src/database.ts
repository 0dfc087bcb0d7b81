import { PGlite } from "@electric-sql/pglite";
import { hashPassword, verifyPassword } from "./password.js";
import { demoAccounts } from "./seed.js";
import type { Workspace } from "./workspaces.js";

/** A person with an account. The id never changes; everything else may. */
export interface User {
  id: string;
  email: string;
  firstName: string;
  lastName: string;
}

/** What the product knows. Every method may be called at any time, also side by side. */
export interface Product {
  /** The user whose e-mail (in any case) and password these are, else null. Both refusals take equally long. */
  checkPassword(email: string, password: string): Promise<User | null>;
  findUser(id: string): Promise<User | null>;
  /** In the order the user joined them. */
  workspacesOf(userId: string): Promise<Workspace[]>;
  /** Closes the database; what it held is gone. */
  close(): Promise<void>;
}

const SCHEMA = `
  CREATE TABLE users (
    id text PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(email)),
    first_name text NOT NULL,
    last_name text NOT NULL,
    password_hash text NOT NULL
  );
  CREATE TABLE workspaces (
    id text PRIMARY KEY,
    name text NOT NULL,
    environment text NOT NULL
  );
  CREATE TABLE memberships (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id text NOT NULL REFERENCES users,
    workspace_id text NOT NULL REFERENCES workspaces,
    UNIQUE (user_id, workspace_id)
  );
`;

const USER_COLUMNS = `id, email, first_name AS "firstName", last_name AS "lastName"`;

/** Opens a product of its own: a Postgres in this process's memory, with the demo accounts in it. */
export async function openProduct(): Promise<Product> {
  const [database, unusableHash] = await Promise.all([PGlite.create(), hashPassword(crypto.randomUUID())]);
  await database.exec(SCHEMA);
  await seed(database);

  return {
    async checkPassword(email, password) {
      // Postgres refuses a text with a NUL in it; no account has one.
      const address = email.includes("\0") ? "" : email.trim().toLowerCase();
      const { rows } = await database.query<User & { passwordHash: string }>(
        `SELECT ${USER_COLUMNS}, password_hash AS "passwordHash" FROM users WHERE email = $1`,
        [address],
      );
      const account = rows[0];
      // An unknown e-mail costs as much as a wrong password, so the time doesn't tell who has an account.
      const matches = await verifyPassword(password, account?.passwordHash ?? unusableHash);
      if (account === undefined || !matches) return null;
      const { passwordHash: _, ...user } = account;
      return user;
    },

    async findUser(id) {
      const { rows } = await database.query<User>(`SELECT ${USER_COLUMNS} FROM users WHERE id = $1`, [id]);
      return rows[0] ?? null;
    },

    async workspacesOf(userId) {
      const { rows } = await database.query<Workspace>(
        `SELECT workspaces.id, name, environment
           FROM workspaces JOIN memberships ON workspace_id = workspaces.id
          WHERE user_id = $1 ORDER BY number`,
        [userId],
      );
      return rows;
    },

    close: () => database.close(),
  };
}

async function seed(database: PGlite): Promise<void> {
  const hashes = await Promise.all(demoAccounts.map(({ password }) => hashPassword(password)));
  await database.transaction(async (transaction) => {
    for (const [index, account] of demoAccounts.entries()) {
      await transaction.query("INSERT INTO users VALUES ($1, $2, $3, $4, $5)", [
        account.id,
        account.email,
        account.firstName,
        account.lastName,
        hashes[index],
      ]);
      for (const { id, name, environment } of account.workspaces) {
        await transaction.query("INSERT INTO workspaces VALUES ($1, $2, $3)", [id, name, environment]);
        await transaction.query("INSERT INTO memberships (user_id, workspace_id) VALUES ($1, $2)", [
          account.id,
          id,
        ]);
      }
    }
  });
}
