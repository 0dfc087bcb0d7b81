/** A row of the application's own table. */
export interface AppUser {
  readonly id: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
}

const users: readonly AppUser[] = [
  { id: "ada", email: "ada@example.com", emailVerified: true, name: "Ada Lovelace" },
  { id: "ben", email: "ben@example.com", emailVerified: false, name: "Ben" },
];

export async function findUser(id: string | undefined): Promise<AppUser | undefined> {
  return users.find((user) => user.id === id);
}
