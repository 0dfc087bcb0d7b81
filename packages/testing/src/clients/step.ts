/** What a client does, one request at a time. */
export type StepName =
  | "MCP request without a token"
  | "protected resource metadata"
  | "authorization server metadata"
  | "registration"
  | "authorization"
  | "token request"
  | "MCP request"
  | "refresh"
  | "MCP request after the refresh";

/** One request of the walk and its answer; none holds a token, an id or a query. */
export interface ClientStep {
  readonly name: StepName;
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  /** Of the authorization, which is the browser's: missing. */
  readonly status?: number;
  /** What of the answer the client went on with. */
  readonly used: readonly string[];
}

/** Why the client could not connect. The message names client, step, path and status, and no id, token or secret. */
export class ConnectAsError extends Error {
  override readonly name = "ConnectAsError";
  /** The steps up to there. */
  readonly steps: readonly ClientStep[];

  constructor(message: string, steps: readonly ClientStep[]) {
    super(message);
    this.steps = [...steps];
  }
}
