// Loaded before the application: counts what no program should have, and says at the end what still holds the process.
import type { Order, Report } from "./messages.js";

let rejections = 0;
let exceptions = 0;
let warnings = 0;

process.on("unhandledRejection", () => {
  rejections += 1;
});
process.on("uncaughtException", () => {
  exceptions += 1;
});
process.on("warning", () => {
  warnings += 1;
});
process.on("message", (order: Order) => {
  if (order.type !== "watch") return;
  const report: Report = {
    type: "watched",
    rejections,
    exceptions,
    warnings,
    handles: added(process.getActiveResourcesInfo(), handles),
    listeners: added(countListeners(), listeners),
  };
  process.send?.(report);
});

// What it may print to is opened when it is first looked at, and is no handle that somebody left.
for (const stream of [process.stdout, process.stderr]) stream.writable;
const handles = process.getActiveResourcesInfo();
const listeners = countListeners();

/** The event's name once for each of its listeners. The application's own ear for orders comes after, and is taken off at the end. */
function countListeners(): string[] {
  return process.eventNames().flatMap((name) => process.listeners(name as "exit").map(() => String(name)));
}

/** What is in the one list more often than in the other. */
function added(now: readonly string[], before: readonly string[]): string[] {
  const rest = [...before];
  return now.filter((name) => {
    const index = rest.indexOf(name);
    if (index !== -1) rest.splice(index, 1);
    return index === -1;
  });
}
