import { toText } from "../oauth-values.js";
import type { Exchanges } from "./exchanges.js";
import type { RegisteredClient } from "./registration.js";
import type { StepName } from "./step.js";

export interface ClientTokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
}

/** Asks the token endpoint, with the client's authentication (RFC 6749 sections 2.3.1, 4.1.3 and 6). */
export async function requestTokens(
  name: StepName,
  exchanges: Exchanges,
  endpoint: URL,
  client: RegisteredClient,
  grant: Readonly<Record<string, string>>,
): Promise<ClientTokens> {
  const body = new URLSearchParams(grant);
  const headers = new Headers({ accept: "application/json" });
  const { clientId, clientSecret, authMethod } = client;
  if (authMethod === "client_secret_basic") {
    const credentials = [clientId, clientSecret ?? ""].map(encodeURIComponent).join(":");
    headers.set("authorization", `Basic ${btoa(credentials)}`);
  } else {
    body.set("client_id", clientId);
    if (clientSecret !== undefined) body.set("client_secret", clientSecret);
  }
  const used = ["access_token", "refresh_token"];
  const answer = await exchanges.send(name, endpoint, { method: "POST", headers, body }, used);
  const accessToken = toText(answer.json.access_token);
  if (answer.status !== 200 || accessToken === undefined) {
    exchanges.fail(name, `${exchanges.last(answer.json)}, without an access token.`);
  }
  return { accessToken, refreshToken: toText(answer.json.refresh_token) };
}
