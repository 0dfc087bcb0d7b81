// One server in a process of its own: its CPU time is that of nobody else.
import { GATES } from "./gates.js";
import type { IssuerView } from "./issuer.js";

/** What the parent sends first; the answer is the port. */
export interface ServerOrder {
  readonly framework: string;
  readonly gate: string;
  readonly issuer: IssuerView;
}

process.once("message", async ({ framework, gate, issuer }: ServerOrder) => {
  const start = GATES[framework]?.[gate];
  if (start === undefined) throw new Error("there is no such server");
  process.send?.(await start(issuer));
  // From now on any message asks how much CPU time was used so far, in microseconds.
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send?.(user + system);
  });
});
process.once("disconnect", () => process.exit());
