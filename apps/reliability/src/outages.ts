import { pause } from "./crowd.js";
import type { Listener } from "./listen.js";
import type { Random } from "./random.js";

/** Lets nobody listen for a moment, every few seconds, as long as something lasts. */
export async function withOutages<T>(listener: Listener, random: Random, during: Promise<T>): Promise<T> {
  let isOver = false;
  const over = during.finally(() => {
    isOver = true;
  });
  const interruption = (async () => {
    while (!isOver) {
      await Promise.race([pause(random.between(500, 2_500)), over]);
      if (isOver) return;
      listener.stop();
      await pause(random.between(100, 500));
      await listener.resume();
    }
  })();
  const [result] = await Promise.all([over, interruption]);
  return result;
}
