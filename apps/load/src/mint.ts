// Signs tokens in a thread of its own, so that nothing that is measured waits for it.
import { randomBytes } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { createSigner } from "bench";
import type { Token } from "./token-supply.js";

const signer = createSigner(workerData);

parentPort?.on("message", (count: number) => {
  const tokens = Array.from({ length: count }, (): Token => {
    const subject = `user_${randomBytes(13).toString("hex")}`;
    return { text: signer.mint({ claims: { sub: subject } }), subject };
  });
  parentPort?.postMessage(tokens);
});
