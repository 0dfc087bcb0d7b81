import { runLogins } from "./logins.js";

const { failures } = await runLogins(
  { warmUp: 200, oneByOne: 1000, every: 200, atOnce: 50 },
  (when, { bytes, objects }) => {
    const kilobytes = `${Math.round(bytes / 1024)} kB`;
    console.log(`${when.padEnd(46)} ${kilobytes.padStart(8)} ${String(objects).padStart(7)} objects`);
  },
);
console.log(`${failures.length} of 1,000 logins one by one and 50 at once failed`);
for (const failure of new Set(failures)) console.log(failure);
process.exitCode = failures.length === 0 ? 0 : 1;
