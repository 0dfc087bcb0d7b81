import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

import { ExpiringMap } from "./expiring-map.js";
import type { OidcErrors } from "./oidc.js";

/** Where oidc-provider keeps its state: in memory, each model apart, every entry until it expires. */
export function createAdapterFactory(errors: OidcErrors): AdapterFactory {
  return () => new MemoryAdapter(errors);
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
