export { type Application, createApplication } from "./application.js";
export { describeAdapter, type Mounted } from "./suite.js";
export { verifierOf, verifierWith } from "./verifier-of.js";
