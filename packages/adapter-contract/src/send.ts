import { type Agent, request as httpRequest, type IncomingHttpHeaders } from "node:http";

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Header values; a list is sent as that many header lines. */
export type SentHeaders = Record<string, string | string[]>;

/**
 * One HTTP request exactly as given: no redirect followed, no header added, repeated headers kept apart.
 *
 * @param agent whose connections are used. Default: a new connection
 */
export function send(
  url: string,
  headers: SentHeaders = {},
  method = "GET",
  body = "",
  agent: Agent | false = false,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent }, (response) => {
      let received = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        received += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received }),
      );
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}
