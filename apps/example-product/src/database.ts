import { type Client, createClient, type Row } from "@libsql/client";
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
  close(): void;
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
    number integer PRIMARY KEY AUTOINCREMENT,
    user_id text NOT NULL REFERENCES users,
    workspace_id text NOT NULL REFERENCES workspaces,
    UNIQUE (user_id, workspace_id)
  );
`;

const USER_COLUMNS = "id, email, first_name, last_name";

/** Opens a product of its own: a database in this process's memory, with the demo accounts in it. */
export async function openProduct(): Promise<Product> {
  const database = createClient({ url: ":memory:" });
  await database.executeMultiple(SCHEMA);
  const [unusableHash] = await Promise.all([hashPassword(crypto.randomUUID()), seed(database)]);

  return {
    async checkPassword(email, password) {
      const { rows } = await database.execute({
        sql: `SELECT ${USER_COLUMNS}, password_hash FROM users WHERE email = ?`,
        args: [email.trim().toLowerCase()],
      });
      const account = rows[0];
      // An unknown e-mail costs as much as a wrong password, so the time doesn't tell who has an account.
      const matches = await verifyPassword(password, String(account?.password_hash ?? unusableHash));
      return account === undefined || !matches ? null : toUser(account);
    },

    async findUser(id) {
      const { rows } = await database.execute({
        sql: `SELECT ${USER_COLUMNS} FROM users WHERE id = ?`,
        args: [id],
      });
      return rows[0] === undefined ? null : toUser(rows[0]);
    },

    async workspacesOf(userId) {
      const { rows } = await database.execute({
        sql: `SELECT workspaces.id, name, environment
                FROM workspaces JOIN memberships ON workspace_id = workspaces.id
               WHERE user_id = ? ORDER BY number`,
        args: [userId],
      });
      return rows.map(({ id, name, environment }) => ({
        id: String(id),
        name: String(name),
        environment: String(environment),
      }));
    },

    close: () => database.close(),
  };
}

function toUser({ id, email, first_name, last_name }: Row): User {
  return { id: String(id), email: String(email), firstName: String(first_name), lastName: String(last_name) };
}

async function seed(database: Client): Promise<void> {
  const hashes = await Promise.all(demoAccounts.map(({ password }) => hashPassword(password)));
  await database.batch(
    demoAccounts.flatMap(({ id, email, firstName, lastName, workspaces }, index) => [
      {
        sql: "INSERT INTO users VALUES (?, ?, ?, ?, ?)",
        args: [id, email, firstName, lastName, String(hashes[index])],
      },
      ...workspaces.flatMap((workspace) => [
        {
          sql: "INSERT INTO workspaces VALUES (?, ?, ?)",
          args: [workspace.id, workspace.name, workspace.environment],
        },
        { sql: "INSERT INTO memberships (user_id, workspace_id) VALUES (?, ?)", args: [id, workspace.id] },
      ]),
    ]),
    "write",
  );
}
