import { requireToken } from "@connect/core/web";
import { defineEventHandler, toWebRequest } from "h3";
import { verifier } from "../utils/connect.js";

const notes = requireToken(verifier, { scopes: ["openid"] }, (_request, { subject }) =>
  Response.json({ notesOf: subject }),
);

export default defineEventHandler((event) => notes(toWebRequest(event)));
