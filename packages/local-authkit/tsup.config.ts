import { library } from "../../tsup.base.js";

export default library(["src/index.ts", "src/cli.ts"], { target: "node20", platform: "node" });
