import { Agent, request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http";
import type { Secrets } from "./secrets.js";

/** A request, sent exactly as it is here. */
export interface Sent {
  readonly method?: string;
  /** The request target, which need not be a path. */
  readonly target: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
  /** Milliseconds after which the one who asked goes away. */
  readonly patience?: number;
  /** The secrets that may stand in the answer. Default: none. */
  readonly allowed?: (answer: Answer) => readonly string[];
}

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The `Location`, resolved as a browser does; `undefined` where there is none, or none that a browser can follow. */
  readonly location: URL | undefined;
}

/** What sends requests to one application, and looks at every answer. */
export class Browser {
  /** Redirects that lead neither to AuthKit nor to a page of the application's. */
  astray = 0;
  /** Requests that were answered. */
  answered = 0;
  readonly appUrl: string;
  readonly #authkitUrl: string;
  readonly #secrets: Secrets;
  readonly #agent = new Agent({ keepAlive: true });

  constructor(appUrl: string, authkitUrl: string, secrets: Secrets) {
    this.appUrl = appUrl;
    this.#authkitUrl = authkitUrl;
    this.#secrets = secrets;
  }

  /** `undefined` where the one who asked went away first. */
  async send(sent: Sent): Promise<Answer | undefined> {
    const received = await this.#exchange(sent);
    if (received === undefined) return undefined;
    this.answered += 1;
    const raw = received.headers.location;
    const location =
      raw !== undefined && URL.canParse(raw, this.appUrl) ? new URL(raw, this.appUrl) : undefined;
    const origins: readonly unknown[] = [this.#authkitUrl, this.appUrl];
    if (raw !== undefined && !origins.includes(location?.origin)) this.astray += 1;
    // A cookie is for the browser that it is set in.
    const { "set-cookie": _, ...headers } = received.headers;
    const text = `${Object.entries(headers)
      .filter(([name]) => name !== "date")
      .flat()
      .join("\n")}\n${received.body}`;
    const answer = { ...received, location };
    this.#secrets.search("an answer", text, sent.allowed?.(answer));
    return answer;
  }

  isAuthKit(location: URL | undefined): boolean {
    return location?.origin === this.#authkitUrl;
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange({
    method = "GET",
    target,
    headers = {},
    body,
    patience,
  }: Sent): Promise<Omit<Answer, "location"> | undefined> {
    const { hostname, port } = new URL(this.appUrl);
    return new Promise((resolve, reject) => {
      const leaving =
        patience === undefined
          ? undefined
          : setTimeout(() => {
              resolve(undefined);
              request.destroy();
            }, patience);
      const request = httpRequest(
        {
          hostname,
          port,
          path: target,
          method,
          headers: { ...headers },
          agent: this.#agent,
          maxHeaderSize: 65_536,
        },
        (response) => {
          let received = "";
          response.setEncoding("utf8").on("data", (chunk) => {
            received += chunk;
          });
          response.on("error", fail);
          response.on("end", () => {
            clearTimeout(leaving);
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received });
          });
        },
      );
      function fail(error: Error): void {
        clearTimeout(leaving);
        reject(error);
      }
      request.on("error", fail);
      request.end(body);
    });
  }
}

/** AuthKit's code in an address of AuthKit's, which may stand there and nowhere else. */
export function codeOf(location: URL | undefined): string {
  return location?.searchParams.get("code") ?? "";
}
