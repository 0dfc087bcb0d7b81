import {
  type AuthInfo,
  type CallToolResult,
  createMcpHandler,
  hostHeaderValidationResponse,
  localhostAllowedHostnames,
  McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Product, User } from "./database.js";

/** What each tool asks of a token beyond being a good one. A tool that isn't named here takes any. */
export const toolScopes: Readonly<Record<string, string[]>> = { contact_card: ["email"] };

/** The product's tools over MCP, for requests whose token was verified. */
export interface Mcp {
  /** Answers one request; `authInfo` says who calls. `parsedBody` is for frameworks that have read the body. */
  fetch(request: Request, options: { authInfo: AuthInfo; parsedBody?: unknown }): Promise<Response>;
}

// What of the verified token the tools need, as it arrives through the SDK, which knows nothing of its form.
const callerSchema = z.object({
  accessToken: z.object({
    userId: z.string(),
    claims: z.object({ "urn:example:tenant": z.string().optional() }),
  }),
});

const workspacesSchema = z.object({
  user: z.string(),
  chosen: z.string().nullable().describe("Id of the workspace that the user chose for this connection."),
  workspaces: z.array(z.object({ id: z.string(), name: z.string(), environment: z.string() })),
});

const contactSchema = z.object({ name: z.string(), email: z.string() });

/** The MCP server for this product at this origin. It serves clients of the newest revision and of those before. */
export function createMcp(product: Product, appUrl: string): Mcp {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "heron-notes", title: "Heron Notes", version: "1.0.0" });
    server.registerTool(
      "list_workspaces",
      {
        title: "List workspaces",
        description: "Says who is connected, the workspaces they have, and the one they chose to share.",
        outputSchema: workspacesSchema,
        annotations: { readOnlyHint: true },
      },
      async (context) => {
        const caller = await findCaller(context);
        if (caller === null) return noUser();
        const workspaces = await product.workspacesOf(caller.user.id);
        return answer({ user: nameOf(caller.user), chosen: caller.chosen, workspaces });
      },
    );
    server.registerTool(
      "contact_card",
      {
        title: "Contact card",
        description: "Name and e-mail address of the user. Needs the scope email.",
        outputSchema: contactSchema,
        annotations: { readOnlyHint: true },
      },
      async (context) => {
        const caller = await findCaller(context);
        if (caller === null) return noUser();
        return answer({ name: nameOf(caller.user), email: caller.user.email });
      },
    );
    return server;
  });

  async function findCaller({ http }: ServerContext): Promise<{ user: User; chosen: string | null } | null> {
    const { success, data } = callerSchema.safeParse(http?.authInfo?.extra);
    if (!success) return null;
    const user = await product.findUser(data.accessToken.userId);
    return user && { user, chosen: data.accessToken.claims["urn:example:tenant"] ?? null };
  }

  // The names of this machine, too: a proxy may pass on its own, and none of them can be made to point elsewhere.
  // `Origin` may be any: what a browser could be tricked into sending carries no token.
  const hostnames = [new URL(appUrl).hostname, ...localhostAllowedHostnames()];
  return {
    fetch: async (request, options) =>
      hostHeaderValidationResponse(request, hostnames) ?? handler.fetch(request, options),
  };
}

function answer(value: Record<string, unknown>): CallToolResult {
  // Older clients read the text alone.
  return { structuredContent: value, content: [{ type: "text", text: JSON.stringify(value, null, 2) }] };
}

function noUser(): CallToolResult {
  return { isError: true, content: [{ type: "text", text: "This token is not one of a user's." }] };
}

function nameOf({ firstName, lastName }: User): string {
  return `${firstName} ${lastName}`;
}
