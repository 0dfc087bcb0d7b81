import { requireToken } from "@connect/core/web";
import { verifier } from "$lib/server/connect";

const notes = requireToken(verifier, { scopes: ["openid"] }, (_request, { subject }) =>
  Response.json({ notesOf: subject }),
);

export const GET = ({ request }: { request: Request }) => notes(request);
