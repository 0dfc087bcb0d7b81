// AuthKit in a process of its own, whose clock can be put forward and whose memory can be read.
import { queryObjects } from "node:v8";
import { type LocalAuthKitOptions, startLocalAuthKit } from "@connect/local-authkit";
import type { Asked, Held, View } from "./authkit-process.js";
import { answerParent } from "./child.js";

let ahead = 0;
const { now } = Date;
Date.now = () => now() + ahead;

answerParent(
  async (question) => {
    const asked = question as Asked;
    if (asked.type === "start") return start(asked.options);
    if (asked.type === "read") return read();
    ahead = asked.milliseconds;
  },
  (error) => ({ message: String(error) }),
);

async function start(options: LocalAuthKitOptions): Promise<View> {
  const { url, issuer, apiKey } = await startLocalAuthKit(options);
  return { url, issuer, apiKey };
}

function read(): Held {
  // The first time, what waits for finalizers is only found.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return { bytes: heapUsed + external, objects: queryObjects(Object, { format: "count" }) };
}
