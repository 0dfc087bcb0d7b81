/** A row of the application's own table. */
export interface AppUser {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
  readonly passwordHash: string;
}

const passwordHash = "of nobody's password";
const users: readonly AppUser[] = [
  { id: "ada", email: "ada@example.com", emailVerified: true, name: "Ada Lovelace", passwordHash },
  { id: "ben", email: "ben@example.com", emailVerified: false, name: "Ben", passwordHash },
];

/** What the database does instead, where it is set. */
export const failure: { error?: Error } = {};

export async function findUser(id: string): Promise<AppUser | undefined> {
  if (failure.error) throw failure.error;
  return users.find((user) => user.id === id);
}
