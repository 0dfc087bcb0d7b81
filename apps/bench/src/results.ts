import { cpus, loadavg, release, totalmem, type } from "node:os";
import type { Goal } from "./goals.js";
import type { Table } from "./table.js";
import { versionOf } from "./versions.js";

/** A whole run, as it is written to a file. */
export interface Results {
  /** When the run ended, in UTC. */
  readonly date: string;
  /** How long it took, in seconds. */
  readonly duration: number;
  /** Quick runs show that all works; their numbers mean nothing. */
  readonly isQuick: boolean;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly goals: readonly Goal[];
  readonly tables: readonly Table[];
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** In GB. */
  readonly memory: number;
  readonly system: string;
  /** The load average of the minute before the run: on a quiet machine, far below the number of cores. */
  readonly load: number;
}

const PACKAGES = [
  "@clerk/backend",
  "@fastify/jwt",
  "@hono/node-server",
  "@modelcontextprotocol/sdk",
  "autocannon",
  "aws-jwt-verify",
  "esbuild",
  "express",
  "express-oauth2-jwt-bearer",
  "fast-jwt",
  "fastify",
  "get-jwks",
  "hono",
  "jose",
  "jsonwebtoken",
  "jwks-rsa",
  "next",
  "oauth4webapi",
] as const;

/** Of Node and of every package that takes part, as they are installed. */
export function readVersions(): Readonly<Record<string, string>> {
  return {
    node: process.versions.node,
    ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
  };
}

export function readMachine(): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memory: Math.round(totalmem() / 1e9),
    system: `${type()} ${release()}`,
    load: loadavg()[0] ?? 0,
  };
}
