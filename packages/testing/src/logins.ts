import { decodeCompletion, type TestCompletion } from "./completion.js";

/** A login that AuthKit has sent to the application. */
export interface TestLogin {
  /** AuthKit's id of this login: the completion API takes it once. */
  readonly externalAuthId: string;
  /** The Login URI (a path or an absolute URL) as AuthKit opens it. */
  readonly url: (loginUri: string) => string;
}

interface ApiAnswer {
  readonly status: number;
  readonly body: object;
}

/** The logins of one test AuthKit, and its completion API. */
export class Logins {
  readonly completions: TestCompletion[] = [];
  readonly #issuer: string;
  readonly #apiKey: string;
  readonly #isCompleted = new Map<string, boolean>();

  constructor(issuer: string, apiKey: string) {
    this.#issuer = issuer;
    this.#apiKey = apiKey;
  }

  begin(): TestLogin {
    const externalAuthId = `ext_auth_${crypto.randomUUID()}`;
    this.#isCompleted.set(externalAuthId, false);
    return {
      externalAuthId,
      url: (loginUri) => `${loginUri}${loginUri.includes("?") ? "&" : "?"}external_auth_id=${externalAuthId}`,
    };
  }

  expire(externalAuthId: string): void {
    if (!this.#isCompleted.delete(externalAuthId)) throw new Error("This AuthKit began no such login.");
  }

  /** `POST /authkit/oauth2/complete` (AuthKit: Standalone Connect, complete). Only a 200 spends the id. */
  complete(authorization: string | null, text: string): ApiAnswer {
    if (authorization !== `Bearer ${this.#apiKey}`) return { status: 401, body: { message: "Unauthorized" } };
    const json = parseObject(text);
    if (json === undefined) {
      return {
        status: 400,
        body: { error: "Bad Request", message: "The request body must be a JSON object." },
      };
    }
    const completion = decodeCompletion(json);
    if (!("user" in completion)) {
      const code = "invalid_request_parameters";
      return { status: 422, body: { message: "Validation failed", code, errors: completion } };
    }
    const { externalAuthId, user } = completion;
    const isCompleted = this.#isCompleted.get(externalAuthId);
    if (isCompleted === undefined) {
      return { status: 404, body: { message: "Not Found", code: "not_found" } };
    }
    if (isCompleted) return refuse("external_auth_session_already_completed");
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(user.email)) return refuse("invalid_email");
    this.#isCompleted.set(externalAuthId, true);
    this.completions.push(completion);
    const redirectUri = `${this.#issuer}/oauth2/authorize/complete?state=${crypto.randomUUID()}`;
    return { status: 200, body: { redirect_uri: redirectUri } };
  }
}

// The same sentence for every code, as AuthKit has it.
function refuse(code: string): ApiAnswer {
  return { status: 400, body: { code, message: "Request could not be processed." } };
}

function parseObject(text: string): object | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null && !Array.isArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
