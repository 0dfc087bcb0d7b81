import { fork } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startIssuer } from "./issuer.js";
import type { Order } from "./launch.js";
import { scenarios } from "./scenarios/index.js";
import type { Table } from "./table.js";
import { HOME } from "./versions.js";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, only: { type: "string" } },
});
const issuer = await startIssuer();
const tables: Table[] = [];
for (const name of Object.keys(scenarios)) {
  if (values.only !== undefined && values.only !== name) continue;
  const child = fork(join(HOME, "dist/launch.js"), { stdio: "inherit" });
  child.send({ scenario: name, seed: issuer.seed, isQuick: values.quick } satisfies Order);
  const t = Date.now();
  const result = await new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`${name} ended with code ${code}`)));
  });
  console.log(name, Date.now() - t, "ms");
  tables.push(...(result as Table[]));
}
await issuer.close();
for (const t of tables) {
  console.log(`\n# ${t.title}`);
  console.table(
    Object.fromEntries(
      t.rows.map((r) => [
        r.subject,
        Object.fromEntries(
          t.columns.map((c) => [
            c.label,
            typeof r.values[c.key] === "number"
              ? Number((r.values[c.key] as number).toPrecision(3))
              : r.values[c.key],
          ]),
        ),
      ]),
    ),
  );
}
