/** An answer without its body. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Milliseconds since the epoch: when it was asked, and when the answer was there. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

export interface JsonAnswer extends Answer {
  /** The body as JSON, or `undefined` where it is none. */
  readonly json: unknown;
}

/** That no answer came, or only the beginning of one. */
export class NoAnswer {
  constructor(
    /** In words: `nothing listens there`. */
    readonly why: string,
    /** Whether somebody took the connection. */
    readonly isConnected: boolean,
  ) {}
}

/** How long an answer is waited for, in milliseconds: a development server builds a page when it is first asked for. */
const TIMEOUT = 30_000;

/** What metadata and key sets stay below, in bytes. */
const MAX_BYTES = 262_144;

interface AskOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks once, as it is said: no redirect is followed. The body is not waited for, which of an event stream has no end. */
export function ask(url: string, options: AskOptions = {}): Promise<Answer | NoAnswer> {
  return request(url, options, async (response, answer) => {
    await response.body?.cancel();
    return answer;
  });
}

/** Asks for a JSON document. One that breaks off is no answer. */
export function askForJson(url: string): Promise<JsonAnswer | NoAnswer> {
  return request(url, {}, async (response, answer) => ({
    ...answer,
    json: parseJson(await readText(response)),
  }));
}

async function request<Read extends Answer>(
  url: string,
  { method = "GET", headers = {} }: AskOptions,
  read: (response: Response, answer: Answer) => Promise<Read>,
): Promise<Read | NoAnswer> {
  const askedAt = Date.now();
  try {
    const response = await fetch(url, {
      method,
      headers: { "user-agent": "connect-cli", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const answeredAt = Date.now();
    return await read(response, { status: response.status, headers: response.headers, askedAt, answeredAt });
  } catch (error) {
    return whyNot(error);
  }
}

async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    // Leaving the loop gives up the rest.
    if (size > MAX_BYTES) break;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const UNTRUSTED = "the certificate is not trusted (NODE_EXTRA_CA_CERTS names one to trust)";
const NO_TLS = "it does not speak TLS: is it http, not https?";
const NO_WAY = "there is no way to it from here";
const NO_ONE = "nobody takes the connection";

const UNCONNECTED: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the name is not known",
  EAI_AGAIN: "the name could not be looked up",
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
  ETIMEDOUT: NO_ONE,
  UND_ERR_CONNECT_TIMEOUT: NO_ONE,
  CERT_HAS_EXPIRED: "the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed (NODE_EXTRA_CA_CERTS names one to trust)",
  ERR_TLS_CERT_ALTNAME_INVALID: "the certificate is for another name",
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
};

const CONNECTED: Readonly<Record<string, string>> = {
  ECONNRESET: "the connection was closed",
  EPIPE: "the connection was closed",
  UND_ERR_SOCKET: "the connection was closed",
};

function whyNot(error: unknown): NoAnswer {
  // Longer than a connection may take, so that there is one.
  if (error instanceof Error && error.name === "TimeoutError")
    return new NoAnswer(`no answer within ${TIMEOUT / 1000} seconds`, true);
  const { cause } = Object(error);
  if (Object(cause).message === "bad port")
    return new NoAnswer("browsers and fetch refuse that port: choose another", false);
  // For `localhost` with two addresses, the cause is a list.
  const code = String(cause?.code ?? cause?.errors?.[0]?.code ?? "");
  if (code.startsWith("HPE_")) return new NoAnswer("what answers is not HTTP", true);
  const closed = CONNECTED[code];
  if (closed !== undefined) return new NoAnswer(closed, true);
  const why = UNCONNECTED[code] ?? (code === "" ? "no connection" : `no connection (${code})`);
  return new NoAnswer(why, false);
}
