// Whether a server answers, as whoever is given its address will ask it.
import { get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";

/** How long an answer is waited for before the question is put again, in milliseconds: a first one may be made meanwhile. */
const PATIENCE = 5_000;

/**
 * Comes when the address has answered over HTTP, whatever the answer is: a server listens before it can answer. `localhost`
 * is asked by name, so that it is looked for where a browser looks, on both loopback families. Gives up when `signal` says so.
 */
export async function untilAnswering(url, signal) {
  while (!signal.aborted && !(await isAnswering(url, signal))) await pause(100);
}

function isAnswering(url, signal) {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, signal, timeout: PATIENCE }, (response) => {
      response.resume();
      resolve(true);
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(false));
    request.on("close", () => resolve(false));
  });
}
