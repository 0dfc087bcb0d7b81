import { chatgpt } from "./chatgpt.js";
import { claude } from "./claude.js";
import { claudeCode } from "./claude-code.js";
import { cursor } from "./cursor.js";
import { mcpInspector } from "./mcp-inspector.js";
import type { ClientProfile, MetadataDocument } from "./profile.js";
import { vscode } from "./vscode.js";

export { type ConnectAsOptions, type ConnectedClient, connectAs } from "./connect-as.js";
export type {
  ClientMetadata,
  ClientProfile,
  ClientRegistration,
  DynamicRegistration,
  MetadataDocument,
  ResourceMetadataPlace,
  ScopeSource,
  ServerMetadataPlace,
  Source,
  TokenEndpointAuthMethod,
} from "./profile.js";
export { type ClientStep, ConnectAsError, type StepName } from "./step.js";

/** What is known of how these MCP clients connect, each fact with its source. */
export const clientProfiles = { claude, claudeCode, chatgpt, cursor, vscode, mcpInspector } as const;

/** The documents of these clients by their addresses, for a local AuthKit that is to know them without a fetch. */
export const metadataDocuments: Record<string, MetadataDocument["document"]> = Object.fromEntries(
  Object.values(clientProfiles)
    .flatMap((profile: ClientProfile) => profile.registrations)
    .filter((registration) => registration.kind === "cimd")
    .map(({ clientId, document }) => [clientId, document]),
);
