import { chatgpt } from "./chatgpt.js";
import { claude } from "./claude.js";
import { claudeCode } from "./claude-code.js";
import { cursor } from "./cursor.js";
import { mcpInspector } from "./mcp-inspector.js";
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
