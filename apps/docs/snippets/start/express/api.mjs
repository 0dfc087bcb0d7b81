// api.mjs, with Express
import { createVerifier } from "@connect/core";
import { requireToken } from "@connect/express";
import express from "express";

const verifier = createVerifier({
  issuer: process.env.AUTHKIT_URL ?? "http://localhost:4000",
  audience: "http://localhost:3002/api", // the resource indicator, byte for byte
  onRefusal: (error) => console.warn(error.message),
});

const app = express();

const guard = requireToken(verifier, { scopes: ["notes:read"] });
app.get("/api/notes", guard, (request, response) => {
  response.json({ readBy: guard.accessToken(request).clientId, notes: ["Buy milk"] });
});

const port = Number(process.env.PORT ?? 3002);
app.listen(port, "localhost", () => console.log(`http://localhost:${port}`));
