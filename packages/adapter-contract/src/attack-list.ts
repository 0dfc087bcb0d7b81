/** The attacks without the suite: for whoever attacks a server that is no adapter's test application. */
export { type RawAnswer, sendRaw } from "./raw-socket.js";
export { TOKEN_ATTACKS, type TokenAttack, writeRequest } from "./token-attacks.js";
export { encode, type TokenForge } from "./token-forge.js";
