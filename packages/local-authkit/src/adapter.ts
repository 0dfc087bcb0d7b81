import type { Adapter, AdapterFactory, AdapterPayload, ClientMetadata } from "oidc-provider";

import type { Application, Applications } from "./applications.js";
import { ExpiringMap } from "./expiring-map.js";
import type { OidcErrors } from "./oidc.js";

/**
 * Where oidc-provider keeps its state: in memory, each model apart, every entry until it expires. Clients it finds
 * among the applications.
 */
export function createAdapterFactory(errors: OidcErrors, applications: Applications): AdapterFactory {
  return (model) =>
    model === "Client" ? new ClientAdapter(errors, applications) : new MemoryAdapter(errors);
}

class MemoryAdapter implements Adapter {
  readonly #errors: OidcErrors;
  readonly #payloads = new ExpiringMap<AdapterPayload>();
  readonly #idsByUid = new ExpiringMap<string>();
  readonly #idsByUserCode = new ExpiringMap<string>();

  constructor(errors: OidcErrors) {
    this.#errors = errors;
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    this.#payloads.set(id, payload, expiresIn);
    if (payload.uid) this.#idsByUid.set(payload.uid, id, expiresIn);
    if (payload.userCode) this.#idsByUserCode.set(payload.userCode, id, expiresIn);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.#payloads.get(id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = this.#idsByUid.get(uid);
    return id === undefined ? undefined : this.#payloads.get(id);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    const id = this.#idsByUserCode.get(userCode);
    return id === undefined ? undefined : this.#payloads.get(id);
  }

  // oidc-provider looks whether a code or token is used, waits, and then marks it. Two requests may pass the
  // look at the same time; only one of them may pass here.
  async consume(id: string): Promise<void> {
    const payload = this.#payloads.get(id);
    if (!payload || payload.consumed) throw new this.#errors.InvalidGrant("already used");
    payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.#payloads.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    this.#payloads.deleteWhere((payload) => payload.grantId === grantId);
  }
}

class ClientAdapter extends MemoryAdapter {
  readonly #applications: Applications;

  constructor(errors: OidcErrors, applications: Applications) {
    super(errors);
    this.#applications = applications;
  }

  override async find(clientId: string): Promise<AdapterPayload | undefined> {
    const application = await this.#applications.find(clientId);
    return application && toClientMetadata(application);
  }
}

function toClientMetadata(application: Application): ClientMetadata {
  const isUserClient = application.grantTypes.includes("authorization_code");
  const hasOwnScheme = application.redirectUris.some((uri) => !/^https?:/i.test(uri));
  return {
    client_id: application.clientId,
    client_name: application.name,
    ...(application.clientSecret !== undefined && { client_secret: application.clientSecret }),
    token_endpoint_auth_method: application.clientSecret === undefined ? "none" : "client_secret_basic",
    application_type: hasOwnScheme ? "native" : "web",
    redirect_uris: application.redirectUris,
    grant_types: application.grantTypes,
    response_types: isUserClient ? ["code"] : [],
  };
}
