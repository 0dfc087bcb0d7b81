import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { API_KEY, completedUrl } from "./stage.js";

/** AuthKit's completion API, as far as it can be told from outside that every login is completed once, and rightly. */
export interface Completions {
  readonly url: string;
}

/** Starts it on a free port. A completion is taken once, for the user whom its id names, with the API key. */
export async function startCompletions(issuer: string): Promise<Completions> {
  const completed = new Set<string>();
  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    if (`${request.method} ${request.url}` !== "POST /authkit/oauth2/complete") return answer(404, {});
    if (request.headers.authorization !== `Bearer ${API_KEY}`) return answer(401, {});
    const { external_auth_id: id, user } = JSON.parse(text) as {
      external_auth_id: string;
      user: { id: string };
    };
    if (!id.endsWith(`_${user.id}`)) return answer(422, { errors: [{ field: "user.id" }] });
    if (completed.has(id)) return answer(400, { code: "external_auth_session_already_completed" });
    completed.add(id);
    return answer(200, { redirect_uri: completedUrl(issuer, id) });
  });
  // Connections stay: the application must not fail over one that is closed while it is idle.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
