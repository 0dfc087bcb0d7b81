import type { Adapter, AdapterFactory, AdapterPayload, ClientMetadata } from "oidc-provider";

import type { Application, Applications } from "./applications.js";
import type { Clock } from "./clock.js";
import type { OidcErrors } from "./oidc.js";
import { randomSecret } from "./secrets.js";
import type { Collection, State } from "./state.js";

/**
 * Where oidc-provider keeps its state: each model in collections of its own, every entry until it expires. Clients it
 * finds among the applications.
 */
export function createAdapterFactory(
  errors: OidcErrors,
  applications: Applications,
  state: State,
  clock: Clock,
): AdapterFactory {
  return (model) =>
    model === "Client"
      ? new ClientAdapter(errors, applications)
      : new StateAdapter(errors, state, clock, model);
}

class StateAdapter implements Adapter {
  readonly #errors: OidcErrors;
  readonly #clock: Clock;
  readonly #state: State;
  readonly #payloads: Collection<AdapterPayload>;
  readonly #idsByUid: Collection<string>;
  readonly #idsByUserCode: Collection<string>;

  constructor(errors: OidcErrors, state: State, clock: Clock, model: string) {
    this.#errors = errors;
    this.#clock = clock;
    this.#state = state;
    this.#payloads = state.collection(`oidc.${model}`);
    this.#idsByUid = state.collection(`oidc.${model}.uid`);
    this.#idsByUserCode = state.collection(`oidc.${model}.user_code`);
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    this.#payloads.set(id, payload, expiresIn);
    if (payload.uid) this.#idsByUid.set(payload.uid, id, expiresIn);
    if (payload.userCode) this.#idsByUserCode.set(payload.userCode, id, expiresIn);
    await this.#state.settled();
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
    payload.consumed = Math.floor(this.#clock() / 1000);
    this.#payloads.update(id, payload);
    await this.#state.settled();
  }

  async destroy(id: string): Promise<void> {
    this.#payloads.delete(id);
    await this.#state.settled();
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    this.#payloads.deleteWhere((payload) => payload.grantId === grantId);
    await this.#state.settled();
  }
}

/** Applications are kept elsewhere: oidc-provider only looks them up. */
class ClientAdapter implements Adapter {
  readonly #errors: OidcErrors;
  readonly #applications: Applications;

  constructor(errors: OidcErrors, applications: Applications) {
    this.#errors = errors;
    this.#applications = applications;
  }

  async find(clientId: string): Promise<AdapterPayload | undefined> {
    const application = await this.#applications.find(clientId);
    return application && toClientMetadata(application);
  }

  upsert = () => this.#refuse();
  findByUid = () => this.#refuse();
  findByUserCode = () => this.#refuse();
  consume = () => this.#refuse();
  destroy = () => this.#refuse();
  revokeByGrantId = () => this.#refuse();

  #refuse(): Promise<never> {
    return Promise.reject(new this.#errors.InvalidClient("clients are looked up only"));
  }
}

// oidc-provider knows a client by one secret. Which ones are right, it asks elsewhere.
const SOME_SECRET = randomSecret();

function toClientMetadata(application: Application): ClientMetadata {
  // One without a redirect URI may have got no further yet than being made.
  const isUserClient =
    application.grantTypes.includes("authorization_code") && application.redirectUris.length > 0;
  const hasOwnScheme = application.redirectUris.some((uri) => !/^https?:/i.test(uri));
  return {
    client_id: application.clientId,
    client_name: application.name,
    ...(!application.isPublic && { client_secret: SOME_SECRET }),
    token_endpoint_auth_method: application.isPublic ? "none" : "client_secret_basic",
    application_type: hasOwnScheme ? "native" : "web",
    redirect_uris: application.redirectUris,
    grant_types: application.grantTypes.filter((grant) => isUserClient || grant !== "authorization_code"),
    response_types: isUserClient ? ["code"] : [],
  };
}
