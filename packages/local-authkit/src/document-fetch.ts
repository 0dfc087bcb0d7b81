import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import CachePolicy from "http-cache-semantics";
import { RequestFilteringHttpAgent, RequestFilteringHttpsAgent } from "request-filtering-agent";

/** A document as it came, and how many seconds its HTTP headers allow to keep it. */
interface FetchedDocument {
  text: string;
  ttl: number;
}

/** Fetches a client ID metadata document. Throws {@link DocumentError}. */
export type FetchDocument = (url: URL) => Promise<FetchedDocument>;

/** Why a document cannot be used: how the fetch failed, or the member of the document that is at fault. */
export class DocumentError extends Error {
  override readonly name = "DocumentError";
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`client ID metadata document: ${reason}`, options);
    this.reason = reason;
  }
}

const MAX_BYTES = 5 * 1024;
const TIMEOUT_MS = 5000;

/**
 * Fetches without following redirects, at most 5 KB and 5 seconds long. Whoever names the address may be anybody, so
 * only public addresses are connected to: the name is resolved once, and it is that answer which is looked at and
 * then used. `http` is for this machine and connects to no other private address.
 */
export function createDocumentFetch({
  lookup,
  timeout = TIMEOUT_MS,
}: {
  /** Resolves names; the system's by default. */
  lookup?: LookupFunction;
  /** Milliseconds. */
  timeout?: number;
} = {}): FetchDocument {
  const publicOnly = new RequestFilteringHttpsAgent();
  const thisMachine = new RequestFilteringHttpAgent({ allowIPAddressList: ["127.0.0.1", "::1"] });

  return async (url) => {
    const isHttps = url.protocol === "https:";
    try {
      const request = (isHttps ? requestHttps : requestHttp)(url, {
        agent: isHttps ? publicOnly : thisMachine,
        headers: { accept: "application/json" },
        signal: AbortSignal.timeout(timeout),
        ...(lookup && { lookup }),
      });
      request.end();
      const [response]: IncomingMessage[] = await once(request, "response");
      return await read(url, response);
    } catch (error) {
      throw error instanceof DocumentError ? error : new DocumentError("unreachable", { cause: error });
    }
  };
}

async function read(url: URL, response: IncomingMessage | undefined): Promise<FetchedDocument> {
  if (response?.statusCode !== 200) {
    response?.destroy();
    throw new DocumentError("status");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new DocumentError("size");
    chunks.push(chunk);
  }
  const policy = new CachePolicy(
    { method: "GET", url: url.pathname, headers: {} },
    { status: 200, headers: response.headers },
  );
  return { text: Buffer.concat(chunks).toString("utf8"), ttl: policy.maxAge() - policy.age() };
}
