// Loaded before a server's own code: tells its parent what the process holds. It keeps nothing alive.
import type { Reading } from "./reading.js";

const warnings: string[] = [];
/** What collecting garbage on demand has cost, which is no part of the server's work. */
let spentHere = 0;

process.on("warning", ({ name }) => warnings.push(name));

process.on("message", (message) => {
  if (message !== "load: read") return;
  const { rss } = process.memoryUsage();
  const cpu = cpuTime();
  // What is garbage is not held.
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  process.send?.({
    rss,
    heap: heapUsed,
    external,
    cpu: cpu - spentHere,
    sockets: resources.filter((name) => name === "TCPSocketWrap").length,
    timers: resources.filter((name) => name === "Timeout" || name === "Immediate").length,
    warnings,
  } satisfies Reading);
  spentHere += cpuTime() - cpu;
});
process.channel?.unref();

// Only a process in which nothing is left to wait for gets here; one that calls `exit` does not.
process.once("beforeExit", () => process.send?.("load: nothing left"));

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
