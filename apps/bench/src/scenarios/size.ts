import { type BundleSize, bundleSize } from "../../../../bundle.base.js";
import type { Row, Table } from "../table.js";
import { HOME } from "../versions.js";

/** What somebody imports, as code. */
interface Entry {
  readonly subject: string;
  readonly code: string;
  /** What is there already and doesn't count. */
  readonly external?: readonly string[];
}

const ENTRIES: readonly Entry[] = [
  { subject: "connect, verification path", code: 'export { createVerifier } from "@connect/core";' },
  { subject: "connect, login path", code: 'export { createLogin } from "@connect/core";' },
  {
    subject: "connect, all of core",
    code: 'export * from "@connect/core"; export * from "@connect/core/web";',
  },
  { subject: "jose", code: 'export { createRemoteJWKSet, jwtVerify } from "jose";' },
  { subject: "fast-jwt", code: 'export { createVerifier } from "fast-jwt";' },
  {
    subject: "fast-jwt + get-jwks",
    code: 'export { createVerifier } from "fast-jwt"; export { default } from "get-jwks";',
  },
  {
    subject: "@fastify/jwt + get-jwks",
    code: 'export { fastifyJwt } from "@fastify/jwt"; export { default } from "get-jwks";',
  },
  { subject: "aws-jwt-verify", code: 'export { JwtVerifier } from "aws-jwt-verify";' },
  { subject: "oauth4webapi", code: 'export { validateJwtAccessToken } from "oauth4webapi";' },
  { subject: "express-oauth2-jwt-bearer", code: 'export { auth } from "express-oauth2-jwt-bearer";' },
  { subject: "hono/jwk", code: 'export { jwk } from "hono/jwk";' },
  {
    subject: "jsonwebtoken + jwks-rsa",
    code: 'export { default as jsonwebtoken } from "jsonwebtoken"; export { default as jwksRsa } from "jwks-rsa";',
  },
  { subject: "@clerk/backend", code: 'export { verifyToken } from "@clerk/backend";' },
  {
    subject: "MCP SDK's bearer gate + jose",
    code: `export { requireBearerAuth } from "@modelcontextprotocol/sdk/server/auth/middleware/bearerAuth.js";
      export { createRemoteJWKSet, jwtVerify } from "jose";`,
  },
  ...["hono", "fastify", "next"].map((framework) => ({
    subject: `@connect/${framework}, its own code`,
    code: `export * from "@connect/${framework}";`,
    external: ["@connect/core", "@connect/core/*", framework, `${framework}/*`],
  })),
];

/** The libraries that core has; what is left without one is what it adds. */
const LIBRARIES = ["jose", "valibot", "ofetch"] as const;

/** What a bundle holds, as Workers' tools make it. */
export async function size(): Promise<readonly Table[]> {
  const rows: Row[] = [];
  for (const { subject, code, external = [] } of ENTRIES) {
    const { gzipped, minified } = await bundle(code, external);
    const values: Record<string, number> = { gzipped: gzipped / 1_000, minified: minified / 1_000 };
    if (subject.startsWith("connect")) {
      const own = await bundle(code, LIBRARIES);
      values.own = own.gzipped / 1_000;
      for (const library of LIBRARIES) {
        const without = await bundle(code, [...external, library]);
        values[library] = (gzipped - without.gzipped) / 1_000;
      }
    }
    rows.push({ subject, values });
  }
  return [
    {
      id: "size",
      title: "Size in a bundle",
      note: "Bundled and minified by esbuild for the conditions workerd, worker and browser; gzip at its default level. A kB has 1,000 bytes. What a library adds is what the bundle has less without it.",
      columns: [
        { key: "gzipped", label: "min+gzip kB" },
        { key: "minified", label: "min kB" },
        { key: "own", label: "own code, min+gzip kB" },
        ...LIBRARIES.map((library) => ({ key: library, label: `${library} adds` })),
      ],
      rows,
    },
  ];
}

function bundle(code: string, external: readonly string[]): Promise<BundleSize> {
  return bundleSize(code, { resolveDir: HOME, external });
}
