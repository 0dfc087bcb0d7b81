import jsonwebtoken from "jsonwebtoken";
import jwksRsa from "jwks-rsa";
import type { Subject } from "../subject.js";

export const jsonwebtokenJwksRsa: Subject = {
  name: "jsonwebtoken + jwks-rsa",
  packages: ["jsonwebtoken", "jwks-rsa"],
  prepare({ url, audience, jwksUrl }) {
    const client = jwksRsa({ jwksUri: jwksUrl });
    const getKey: jsonwebtoken.GetPublicKeyOrSecret = (header, callback) => {
      client.getSigningKey(header.kid, (error, key) => callback(error, key?.getPublicKey()));
    };
    const options = { issuer: url, audience, algorithms: ["RS256" as const] };
    return (token) =>
      new Promise((resolve, reject) => {
        jsonwebtoken.verify(token, getKey, options, (error, claims) =>
          error === null ? resolve(claims) : reject(error),
        );
      });
  },
};
