import { requireToken } from "@connect/core/web";
import { verifier } from "../connect.server.js";

const notes = requireToken(verifier, { scopes: ["openid"] }, (_request, { subject }) =>
  Response.json({ notesOf: subject }),
);

export const loader = ({ request }: { request: Request }) => notes(request);
