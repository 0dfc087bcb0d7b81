/** What is special about a request. One character a byte. */
export interface WrittenRequest {
  /** Default GET. */
  readonly method?: string;
  /** Lines, without their ends. */
  readonly headers?: readonly string[];
  readonly query?: string;
  readonly body?: string;
}

/** A request line and headers around it, for a connection that ends with it. */
export function writeRequest(
  host: string,
  path: string,
  { method = "GET", headers = [], query = "", body = "" }: WrittenRequest,
) {
  const lines = [`${method} ${path}${query} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}
