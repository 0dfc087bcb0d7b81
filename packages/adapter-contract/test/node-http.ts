import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import * as connect from "@connect/core";

/** Resolves to whether it answered: if it did not, the request is for something else. */
type Listener = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function loginRoute(
  login: connect.Login,
  options: connect.LoginRouteOptions<IncomingMessage>,
): Listener {
  const route = connect.createLoginRoute(login, options);
  return async (request, response) =>
    send(response, await route({ ...view(request), body: Readable.toWeb(request) }, request));
}

export function catchStray(loginPath: string): Listener {
  const findStray = connect.createStrayCatcher(loginPath);
  return async (request, response) => send(response, findStray(view(request)));
}

export function resourceRoute(resource: connect.ProtectedResource): Listener {
  return async (request, response) => send(response, await resource.handle(view(request)));
}

/** The handler reads the body by `readMessage`, since the guard may have had to: a stream can be read once. */
export function requireToken<Claims>(
  verifier: connect.Verifier<Claims>,
  requirements: connect.TokenRequirements,
  handler: (
    response: ServerResponse,
    accessToken: connect.AccessToken<Claims>,
    readMessage: () => Promise<unknown>,
  ) => Promise<void>,
): Listener {
  const guard = verifier.guard(requirements);
  return async (request, response) => {
    let message: Promise<unknown> | undefined;
    const readMessage = () => {
      message ??= readJson(request);
      return message;
    };
    const outcome = await guard(view(request), readMessage);
    if (outcome.type !== "authorized") return send(response, outcome);
    await handler(response, outcome.accessToken, readMessage);
    return true;
  };
}

function view(request: IncomingMessage): connect.RequestView {
  const { method = "GET", url = "/" } = request;
  // Node's `headers` would drop a second Authorization header, and core must see it to refuse it.
  return { method, url, headers: connect.viewHeaders(request) };
}

function send(response: ServerResponse, outcome: Parameters<typeof connect.toReply>[0] | null): boolean {
  if (outcome === null) return false;
  const { status, headers, cookies, body } = connect.toReply(outcome);
  response.writeHead(status, { ...headers, ...(cookies && { "set-cookie": [...cookies] }) }).end(body);
  return true;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > 1_048_576) throw new Error("The message is too long.");
  }
  return JSON.parse(text);
}
