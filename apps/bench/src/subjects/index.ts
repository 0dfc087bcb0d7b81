import type { Subject } from "../subject.js";
import { awsJwtVerify, awsJwtVerifySync } from "./aws-jwt-verify.js";
import { clerk, clerkKey } from "./clerk.js";
import { connect, connectGuard, connectNode } from "./connect.js";
import { expressOauth2JwtBearer } from "./express-oauth2-jwt-bearer.js";
import { fastJwt, fastJwtCached, fastJwtGetJwks } from "./fast-jwt.js";
import { honoJwk, honoJwkKeys } from "./hono-jwk.js";
import { jose } from "./jose.js";
import { jsonwebtokenJwksRsa } from "./jsonwebtoken.js";
import { cryptoVerify, freshString, mapGet, subtleVerify } from "./limits.js";
import { mcpBearerAuth } from "./mcp.js";
import { oauth4webapi } from "./oauth4webapi.js";

/** Whoever verifies tokens like Connect does. */
export const peers: readonly Subject[] = [
  jose,
  fastJwt,
  fastJwtGetJwks,
  awsJwtVerify,
  awsJwtVerifySync,
  oauth4webapi,
  expressOauth2JwtBearer,
  honoJwkKeys,
  honoJwk,
  jsonwebtokenJwksRsa,
  clerkKey,
  clerk,
  mcpBearerAuth,
];

/** Connect in each of its forms. */
export const ours: readonly Subject[] = [connect(), connectNode(), connectGuard];

export {
  awsJwtVerify,
  clerk,
  connect,
  connectGuard,
  connectNode,
  cryptoVerify,
  expressOauth2JwtBearer,
  fastJwtCached,
  fastJwtGetJwks,
  freshString,
  honoJwk,
  jose,
  jsonwebtokenJwksRsa,
  mapGet,
  mcpBearerAuth,
  oauth4webapi,
  subtleVerify,
};
