import { randomUUID } from "node:crypto";
import { createSigner, GARBAGE } from "bench";
import type { AuthKitView } from "./authkit-process.js";
import { CALLER_HEADER } from "./bare/answers.js";
import { DECK, type Kind } from "./kinds.js";
import { ACCOUNTS, APP_URL, completedUrl, externalAuthId } from "./stage.js";
import type { Token, TokenSupply } from "./token-supply.js";

/** A request, and what its answer must be. */
export interface Ask {
  readonly kind: Kind;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What is wrong with an answer, in a word or two; undefined where it is right. */
  fault(answer: Answer): string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Fewer than a verifier remembers by default, so that those that repeat stay remembered beside the new ones. */
const REPEATED = 500;

/** Longer headers are refused by Node's HTTP server itself, before any framework sees them. */
const LONGEST_TOKEN = 8_000;

/** The traffic, request by request, for one server. */
export class Traffic {
  readonly #authkit: AuthKitView;
  readonly #supply: Pick<TokenSupply, "take">;
  readonly #sessions: readonly string[];
  readonly #repeated: readonly Token[];
  readonly #garbage: readonly string[];
  readonly #counts: Record<Kind, number> = { repeat: 0, new: 0, garbage: 0, metadata: 0, login: 0 };
  #next = 0;

  /** `sessions` are the cookies of the accounts, in their order. */
  constructor(authkit: AuthKitView, supply: Pick<TokenSupply, "take">, sessions: readonly string[]) {
    this.#authkit = authkit;
    this.#supply = supply;
    this.#sessions = sessions;
    this.#repeated = Array.from({ length: REPEATED }, () => supply.take());
    const signer = createSigner(authkit.seed);
    this.#garbage = GARBAGE.map(({ make }) => make(signer, undefined)).filter(
      ({ length }) => length <= LONGEST_TOKEN,
    );
  }

  take(): Ask {
    const kind = DECK[this.#next] ?? "repeat";
    this.#next = (this.#next + 1) % DECK.length;
    const count = this.#counts[kind];
    this.#counts[kind] = count + 1;
    switch (kind) {
      case "repeat":
        return me(kind, pick(this.#repeated, count));
      case "new":
        return me(kind, this.#supply.take());
      case "garbage":
        return refused(pick(this.#garbage, count));
      case "metadata":
        return METADATA;
      case "login":
        return this.#login(count);
    }
  }

  #login(count: number): Ask {
    const { id: userId } = pick(ACCOUNTS, count);
    const id = externalAuthId(randomUUID(), userId);
    const location = completedUrl(this.#authkit.seed.view.url, id);
    return {
      kind: "login",
      path: `/auth/login?external_auth_id=${id}`,
      headers: { cookie: pick(this.#sessions, count), [CALLER_HEADER]: userId },
      fault: ({ status, headers }) =>
        statusFault(status, 303) ?? (headers.location === location ? undefined : "leads elsewhere"),
    };
  }
}

const METADATA: Ask = {
  kind: "metadata",
  path: "/.well-known/oauth-protected-resource/mcp",
  headers: {},
  fault: ({ status, body }) =>
    statusFault(status, 200) ?? (body.includes(`"resource":"${APP_URL}/mcp"`) ? undefined : "other body"),
};

function me(kind: Kind, { text, subject }: Token): Ask {
  return {
    kind,
    path: "/api/me",
    headers: { authorization: `Bearer ${text}`, [CALLER_HEADER]: subject },
    fault: ({ status, body }) =>
      statusFault(status, 200) ?? (body.startsWith(`{"subject":"${subject}",`) ? undefined : "other body"),
  };
}

function refused(token: string): Ask {
  return {
    kind: "garbage",
    path: "/api/me",
    headers: { authorization: `Bearer ${token}` },
    fault: ({ status, headers, body }) => {
      const challenge = String(headers["www-authenticate"]);
      // Frameworks word their errors as they do; the code is in all of them.
      const isRight = challenge.includes('error="invalid_token"') && body.includes('"invalid_token"');
      return statusFault(status, 401) ?? (isRight ? undefined : "other challenge");
    },
  };
}

function statusFault(status: number, expected: number): string | undefined {
  return status === expected ? undefined : `status ${status}`;
}

function pick<Item>(items: readonly Item[], count: number): Item {
  const item = items[count % items.length];
  if (item === undefined) throw new Error("there is nothing to pick from");
  return item;
}
