export { GARBAGE } from "./garbage.js";
export { createSigner, type Issuer, type Signer, type SignerSeed, startIssuer } from "./issuer.js";
export { type Machine, readMachine } from "./machine.js";
export { formatNumber, type Grid, renderAligned, renderMarkdown } from "./report.js";
