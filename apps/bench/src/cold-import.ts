// Imports one module into a process that has loaded nothing, and says how long that took, in microseconds.
const [specifier = ""] = process.argv.slice(2);
const before = process.cpuUsage();
const start = performance.now();
await import(specifier);
const wall = (performance.now() - start) * 1_000;
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ wall, cpu: user + system }));
