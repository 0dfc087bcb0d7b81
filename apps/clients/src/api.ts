import type { Scene } from "./scene.js";

/** What the application's API says of a token. */
export interface Me {
  readonly subject: string;
  /** The choice, as the token tells it. */
  readonly workspace: string;
}

export const apiUrl = ({ applicationUrl }: Pick<Scene, "applicationUrl">): string =>
  `${applicationUrl}/api/me`;

/** Calls the API, for libraries that don't. Throws for any answer but 200. */
export async function callApi(scene: Pick<Scene, "applicationUrl">, accessToken: string): Promise<Me> {
  const response = await fetch(apiUrl(scene), { headers: { authorization: `Bearer ${accessToken}` } });
  if (response.status !== 200) throw new Error(`The API answered ${response.status}.`);
  return response.json();
}
