/** The user of a completion, in the words of the SDK. */
export interface CompletedUser {
  readonly id: string;
  readonly email: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What an application told AuthKit of a login. */
export interface TestCompletion {
  readonly externalAuthId: string;
  readonly user: CompletedUser;
  /** As they went over the wire; empty where there were none. */
  readonly userConsentOptions: readonly {
    readonly claim: string;
    readonly type: string;
    readonly label: string;
    readonly choices: readonly object[];
  }[];
}

/** The body of a completion that was found to be one. */
interface CompletionBody {
  readonly external_auth_id: string;
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly first_name?: string;
    readonly last_name?: string;
    readonly name?: string;
    readonly metadata?: Readonly<Record<string, string>>;
  };
  readonly user_consent_options?: TestCompletion["userConsentOptions"];
}

interface FieldError {
  readonly field: string;
  readonly code: "required" | "invalid_type";
}

type Kind = "text" | "filled" | "texts" | "object" | "list";

/** Reads a completion, or gives its faults as AuthKit names them. */
export function decodeCompletion(json: object): TestCompletion | readonly FieldError[] {
  const faults = [...faultsOf(json)];
  if (faults.length > 0) return faults;
  // Each member was just looked at.
  const { external_auth_id, user, user_consent_options = [] } = json as CompletionBody;
  return {
    externalAuthId: external_auth_id,
    user: {
      id: user.id,
      email: user.email,
      ...(user.first_name !== undefined && { firstName: user.first_name }),
      ...(user.last_name !== undefined && { lastName: user.last_name }),
      ...(user.name !== undefined && { name: user.name }),
      ...(user.metadata !== undefined && { metadata: user.metadata }),
    },
    userConsentOptions: user_consent_options,
  };
}

function* faultsOf(json: object): Generator<FieldError> {
  yield* look(json, "", { external_auth_id: "filled", user: "object" });
  const user: unknown = "user" in json ? json.user : undefined;
  if (isObject(user)) {
    yield* look(user, "user.", { id: "filled", email: "text" });
    yield* look(user, "user.", OPTIONAL_OF_USER, true);
  }
  yield* look(json, "", { user_consent_options: "list" }, true);
  const options: unknown = "user_consent_options" in json ? json.user_consent_options : undefined;
  for (const [index, option] of (Array.isArray(options) ? options : []).entries()) {
    const path = `user_consent_options.${index}`;
    if (!isObject(option)) yield { field: path, code: "invalid_type" };
    else
      yield* look(option, `${path}.`, { claim: "filled", type: "filled", label: "filled", choices: "list" });
  }
}

const OPTIONAL_OF_USER = { first_name: "text", last_name: "text", name: "text", metadata: "texts" } as const;

function* look(
  value: object,
  path: string,
  members: Readonly<Record<string, Kind>>,
  areOptional = false,
): Generator<FieldError> {
  for (const [name, kind] of Object.entries(members)) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined && areOptional) continue;
    if (!isOfKind(member, kind))
      yield { field: path + name, code: isMissing(member) ? "required" : "invalid_type" };
  }
}

function isOfKind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "filled":
      return typeof value === "string" && !isMissing(value);
    case "texts":
      return isObject(value) && Object.values(value).every((entry) => typeof entry === "string");
    case "object":
      return isObject(value);
    case "list":
      return Array.isArray(value);
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || (typeof value === "string" && value.trim() === "");
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
