/** The attacks without the suite: for whoever attacks a server that is no adapter's test application. */
export { HANDOFF_ATTACKS, type HandoffAttack, leadsAway, MARKUP, writeVisit } from "./handoff-attacks.js";
export { bodyOf, headerOf, type RawAnswer, sendRaw } from "./raw-socket.js";
export { TOKEN_ATTACKS, type TokenAttack } from "./token-attacks.js";
export { encode, type TokenForge } from "./token-forge.js";
export { writeRequest } from "./written-request.js";
