export { type Application, AUDIENCE, createApplication } from "./application.js";
export { type ScriptedAuthKit, startScriptedAuthKit } from "./authkit.js";
export type { Differences } from "./differences.js";
export { type Answer, type SentHeaders, send } from "./send.js";
export { describeAdapter, type Mounted } from "./suite.js";
export { TOKEN_ATTACKS, type TokenAttack } from "./token-attacks.js";
export { verifierOf, verifierWith } from "./verifier-of.js";
