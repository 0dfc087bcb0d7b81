import type { Application, Applications } from "./applications.js";
import { CLIENT_NOT_AUTHENTICATED, MISSING_CLIENT, type TokenError, UNKNOWN_CLIENT } from "./token-reply.js";

/** Who calls: a confidential client, by `client_secret_basic` or `client_secret_post` (RFC 6749 section 2.3.1). */
export async function authenticateClient(
  applications: Applications,
  authorization: string | undefined,
  form: URLSearchParams,
): Promise<Application | TokenError> {
  const { id, secret } = readBasic(authorization) ?? {
    id: form.get("client_id"),
    secret: form.get("client_secret"),
  };
  if (!id) return MISSING_CLIENT;
  const client = await applications.find(id);
  if (!client) return UNKNOWN_CLIENT;
  return applications.secrets.authenticate(client.clientId, secret ?? "") ? client : CLIENT_NOT_AUTHENTICATED;
}

function readBasic(authorization: string | undefined): { id: string; secret: string } | undefined {
  const encoded = /^Basic +([A-Za-z0-9+/=]+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", secret = ""] = Buffer.from(encoded, "base64").toString().split(/:(.*)/s);
  try {
    return { id: formDecode(id), secret: formDecode(secret) };
  } catch {
    return { id: "", secret: "" };
  }
}

function formDecode(value: string): string {
  return decodeURIComponent(value.replaceAll("+", "%20"));
}
