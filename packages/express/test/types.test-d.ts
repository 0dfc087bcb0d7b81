import { verifierWith } from "@connect/adapter-contract";
import express, { type RequestHandler, Router } from "express";
import { expectTypeOf } from "vitest";
import { attachAuthInfo, requireToken } from "../src/index.js";

// Compiled against the types of Express 5 and of Express 4.
const guard = requireToken(verifierWith({ tenant: "a" }));
expectTypeOf(guard).toExtend<RequestHandler>();

const app = express();
app.use(guard, attachAuthInfo(guard));
Router().use("/api", guard);
app.get("/notes/:id", guard, attachAuthInfo(guard), (request, response) => {
  // A guard does not take the route's own types away.
  expectTypeOf(request.params).toEqualTypeOf<{ id: string }>();
  expectTypeOf(guard.accessToken(request).claims).toEqualTypeOf<{ tenant: string }>();
  response.json({});
});
app.post<{ id: string }, { ok: boolean }, { text: string }>("/notes/:id", guard, (request, response) => {
  expectTypeOf(request.body).toEqualTypeOf<{ text: string }>();
  response.json({ ok: guard.accessToken(request).claims.tenant === request.body.text });
});
