import type { Goal } from "./goals.js";
import type { Machine } from "./machine.js";
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
