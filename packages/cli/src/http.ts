/** An answer, read as far as anybody needs it. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body as JSON, or `undefined` where it is none. */
  readonly json: unknown;
  /** Milliseconds since the epoch: when it was asked, and when the answer was there. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** How long an answer is waited for, in milliseconds: a development server builds a page when it is first asked for. */
const TIMEOUT = 30_000;

/** What metadata and key sets stay below, in bytes. */
const MAX_BYTES = 262_144;

/** Asks once, as it is said: no redirect is followed. Gives why not, in words, where nobody answers. */
export async function ask(
  url: string,
  { method = "GET", headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Answer | string> {
  const askedAt = Date.now();
  try {
    const response = await fetch(url, {
      method,
      headers: { "user-agent": "connect-cli", ...headers },
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const answeredAt = Date.now();
    const json = parseJson(await readText(response));
    return { status: response.status, headers: response.headers, json, askedAt, answeredAt };
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

const CAUSES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was closed",
  ENOTFOUND: "the name is not known",
  EAI_AGAIN: "the name could not be looked up",
  CERT_HAS_EXPIRED: "the certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is self-signed (NODE_EXTRA_CA_CERTS names one to trust)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate is not trusted (NODE_EXTRA_CA_CERTS names one to trust)",
};

function whyNot(error: unknown): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return `no answer within ${TIMEOUT / 1000} seconds`;
  const { cause } = Object(error);
  // For `localhost` with two addresses, the cause is a list.
  const code = String(cause?.code ?? cause?.errors?.[0]?.code ?? "");
  return CAUSES[code] ?? (code === "" ? "no connection" : `no connection (${code})`);
}
