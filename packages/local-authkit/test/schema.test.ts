import { toJsonSchema } from "@valibot/to-json-schema";
import { expect, it } from "vitest";

import { optionsSchema } from "../src/config.js";

it("editors can check a configuration file with what the package has in schema.json", async () => {
  const schema = toJsonSchema(optionsSchema, { typeMode: "input", errorMode: "ignore" });
  const published = {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "The configuration of @connect/local-authkit",
    ...schema,
    properties: { $schema: { type: "string" }, ...schema.properties },
  };
  // `vitest --update` writes it.
  await expect(`${JSON.stringify(published, null, 2)}\n`).toMatchFileSnapshot("../schema.json");
});
