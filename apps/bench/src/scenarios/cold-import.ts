import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { median } from "../alternation.js";
import type { Table } from "../table.js";
import { HOME } from "../versions.js";
import type { Setting } from "./scenario.js";

/** The first is what the others are compared with. */
const MODULES = [
  "jose",
  "@connect/core",
  "@connect/core/node",
  "@connect/hono",
  "@connect/fastify",
  "@connect/next",
  "fast-jwt",
  "get-jwks",
  "@fastify/jwt",
  "aws-jwt-verify",
  "oauth4webapi",
  "express-oauth2-jwt-bearer",
  "hono/jwk",
  "jsonwebtoken",
  "jwks-rsa",
  "@clerk/backend",
  "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js",
] as const;

interface Launch {
  readonly wall: number;
  readonly cpu: number;
}

/** What starting with a module costs, as a function that is started for one request feels it. */
export async function coldImport({ isQuick }: Setting): Promise<readonly Table[]> {
  const launches = new Map<string, Launch[]>(MODULES.map((name) => [name, []]));
  for (let round = 0; round < (isQuick ? 1 : 11); round += 1)
    for (const name of MODULES) launches.get(name)?.push(await launch(name));
  const reference = launches.get(MODULES[0]) ?? [];
  const rows = [...launches].map(([subject, taken]) => ({
    subject,
    values: {
      wall: median(taken.map(({ wall }) => wall)) / 1_000,
      cpu: median(taken.map(({ cpu }) => cpu)) / 1_000,
      jose: median(taken.map(({ wall }, round) => wall / (reference[round]?.wall ?? Number.NaN))),
    },
  }));
  return [
    {
      id: "import",
      title: "Cold import",
      note: "Each import in a process of its own, in turns. The files are in the system's memory already.",
      columns: [
        { key: "wall", label: "ms" },
        { key: "cpu", label: "CPU ms" },
        { key: "jose", label: "of jose's time" },
      ],
      rows,
    },
  ];
}

const run = promisify(execFile);

async function launch(specifier: string): Promise<Launch> {
  const { stdout } = await run(process.execPath, [join(HOME, "dist/cold-import.js"), specifier], {
    cwd: HOME,
  });
  const { wall, cpu } = JSON.parse(stdout) as Launch;
  return { wall, cpu };
}
