import { requireToken } from "@connect/core/web";
import type { APIRoute } from "astro";
import { verifier } from "../../lib/connect.js";

const notes = requireToken(verifier, { scopes: ["openid"] }, (_request, { subject }) =>
  Response.json({ notesOf: subject }),
);

export const GET: APIRoute = ({ request }) => notes(request);
