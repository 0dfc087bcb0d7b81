import { ulid } from "ulid";
import * as v from "valibot";

import type { Application } from "./applications.js";
import { commonMetadata, DYNAMIC_GRANTS } from "./client-metadata.js";
import type { Clock } from "./clock.js";
import { DocumentError, type FetchDocument } from "./document-fetch.js";
import { parseJsonObject } from "./json.js";
import { RecentMap } from "./recent-map.js";
import { STANDARD_SCOPES } from "./scopes.js";

const MAX_KEPT = 1000;

// Seconds. One run through the consent screen looks at a document a dozen times: it is fetched once. After a day it
// is looked at again, whatever its headers say.
const MIN_TTL = 10;
const MAX_TTL = 24 * 60 * 60;

/**
 * Applications that are known by a document at the address which is their client id (Client ID Metadata Document,
 * draft-ietf-oauth-client-id-metadata-document).
 */
export class ClientMetadataDocuments {
  readonly #fetchDocument: FetchDocument;
  readonly #clock: Clock;
  readonly #known = new RecentMap<{ application: Application; expiresAt: number }>(MAX_KEPT);
  readonly #underWay = new Map<string, Promise<Application>>();

  constructor(fetchDocument: FetchDocument, clock: Clock) {
    this.#fetchDocument = fetchDocument;
    this.#clock = clock;
  }

  /**
   * The application whose client id this is, or undefined if it can't be the address of a document. Throws
   * {@link DocumentError} where the document can't be had or used.
   */
  async find(clientId: string): Promise<Application | undefined> {
    if (!isDocumentAddress(clientId)) return undefined;
    const known = this.#known.get(clientId);
    if (known && known.expiresAt > this.#clock()) return known.application;

    let loading = this.#underWay.get(clientId);
    if (!loading) {
      loading = this.#load(clientId, known?.application).finally(() => this.#underWay.delete(clientId));
      this.#underWay.set(clientId, loading);
    }
    return loading;
  }

  async #load(clientId: string, before: Application | undefined): Promise<Application> {
    const { text, ttl } = await this.#fetchDocument(new URL(clientId));
    const metadata = parseDocument(clientId, text);
    const now = new Date(this.#clock()).toISOString();
    const application: Application = {
      clientId,
      name: metadata.client_name ?? clientId,
      redirectUris: metadata.redirect_uris,
      grantTypes: DYNAMIC_GRANTS.filter((grant) => metadata.grant_types.includes(grant)),
      isPublic: true,
      firstParty: false,
      scopes: [...STANDARD_SCOPES],
      origin: "document",
      // It is the same application, whatever its document says now.
      id: before?.id ?? `conn_app_${ulid()}`,
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
    };
    const kept = Math.min(Math.max(ttl, MIN_TTL), MAX_TTL);
    this.#known.set(clientId, { application, expiresAt: this.#clock() + kept * 1000 });
    return application;
  }
}

/** `https` with a path, spelt as a URL is written; `http` on loopback, which AuthKit does not have, for this machine. */
function isDocumentAddress(clientId: string): boolean {
  if (!URL.canParse(clientId)) return false;
  const { href, protocol, hostname, username, password, pathname } = new URL(clientId);
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return (
    href === clientId &&
    (protocol === "https:" || (protocol === "http:" && isLoopback)) &&
    username + password === "" &&
    pathname !== "/" &&
    !href.includes("#")
  );
}

// A document is written for all authorization servers: of what it lists, the part that is known here counts.
const documentSchema = v.object({
  client_id: v.string(),
  ...commonMetadata,
  // A document is public, so it can hold no secret; and AuthKit publishes no method that works by keys.
  token_endpoint_auth_method: v.optional(v.literal("none")),
  client_secret: v.optional(v.never()),
  client_secret_expires_at: v.optional(v.never()),
  grant_types: v.optional(v.pipe(v.array(v.string()), v.includes("authorization_code")), [
    "authorization_code",
  ]),
  response_types: v.optional(v.pipe(v.array(v.string()), v.includes("code")), ["code"]),
});

function parseDocument(clientId: string, text: string): v.InferOutput<typeof documentSchema> {
  const document = parseJsonObject(text);
  if (document === undefined) throw new DocumentError("json");
  const parsed = v.safeParse(documentSchema, document);
  if (!parsed.success) throw new DocumentError(String(parsed.issues[0].path?.[0].key ?? "json"));
  if (parsed.output.client_id !== clientId) throw new DocumentError("client_id");
  return parsed.output;
}
