import type { Request, Response } from "express";
import { auth } from "express-oauth2-jwt-bearer";
import type { Subject } from "../subject.js";

/** The middleware itself, with as much of a request as it looks at. */
export const expressOauth2JwtBearer: Subject = {
  name: "express-oauth2-jwt-bearer",
  packages: ["express-oauth2-jwt-bearer"],
  prepare({ url, audience, jwksUrl }) {
    const middleware = auth({ issuer: url, audience, jwksUri: jwksUrl, tokenSigningAlg: "RS256" });
    return (token) =>
      new Promise<void>((resolve, reject) => {
        middleware(requestWith(token), {} as Response, (error?: unknown) =>
          error === undefined ? resolve() : reject(error),
        );
      });
  },
};

function requestWith(token: string): Request {
  const headers = { authorization: `Bearer ${token}`, host: "api.example.com" };
  return {
    method: "GET",
    url: "/",
    originalUrl: "/",
    protocol: "https",
    headers,
    query: {},
    body: undefined,
    is: () => false,
    get: (name: string) => headers[name.toLowerCase() as keyof typeof headers],
  } as unknown as Request;
}
