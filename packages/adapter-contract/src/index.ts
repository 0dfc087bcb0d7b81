export { type Application, createApplication } from "./application.js";
export { describeAdapter, type Mounted } from "./suite.js";
