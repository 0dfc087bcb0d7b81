#!/usr/bin/env node
// Builds and tests every package, from the cache where nothing changed, and adds up what the tests reported.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root, runTasks } from "./build.mjs";

const browsers = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const redisServers = [
  "/usr/bin/redis-server",
  "/usr/local/bin/redis-server",
  "/opt/homebrew/bin/redis-server",
];

const packages = ["packages", "apps"].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((name) => {
    const directory = join(root, folder, name);
    if (!existsSync(join(directory, "package.json"))) return [];
    const manifest = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    return manifest.scripts?.test === undefined
      ? []
      : [{ name: manifest.name, report: join(directory, "test-results") }];
  }),
);

// A report of an earlier run must not be taken for this run's.
for (const { report } of packages) rmSync(report, { recursive: true, force: true });

const programs = {
  CHROMIUM_PATH: process.env.CHROMIUM_PATH ?? browsers.find((path) => existsSync(path)),
  REDIS_SERVER_PATH: process.env.REDIS_SERVER_PATH ?? redisServers.find((path) => existsSync(path)),
};
// Turbo's ten at once make a small machine so slow that real servers run out of time.
const succeeded = runTasks(["build", "test", "--continue", "--concurrency=200%", ...process.argv.slice(2)], {
  env: programs,
});

const totals = { passed: 0, failed: 0, skipped: 0 };
const width = Math.max(...packages.map(({ name }) => name.length));
console.log();
for (const { name, report } of packages) {
  const counts = readCounts(join(report, "results.json"));
  for (const kind of Object.keys(totals)) totals[kind] += counts[kind];
  const rest = ["failed", "skipped"]
    .filter((kind) => counts[kind] > 0)
    .map((kind) => `, ${counts[kind]} ${kind}`);
  console.log(`${name.padEnd(width)}  ${String(counts.passed).padStart(4)} passed${rest.join("")}`);
}
if (programs.CHROMIUM_PATH === undefined) {
  console.log(
    "\nNo Chromium was found, so the browser's story was skipped. Install one, or name it in CHROMIUM_PATH.",
  );
}
if (programs.REDIS_SERVER_PATH === undefined) {
  console.log(
    "\nNo redis-server was found, so what needs Redis was skipped. Install one, or name it in REDIS_SERVER_PATH.",
  );
}
console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
process.exitCode = succeeded && totals.failed === 0 ? 0 : 1;

/** A package without a report did not get as far as running its tests: that is a failure. So is a file that didn't load, or whose set-up failed. */
function readCounts(file) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const failedOtherwise = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + failedOtherwise.length,
    skipped: numPendingTests,
  };
}
