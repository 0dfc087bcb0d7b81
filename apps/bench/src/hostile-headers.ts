import type { Signer } from "./issuer.js";

/** What follows the scheme of an Authorization header, made to keep a parser busy. */
export interface HostileHeader {
  readonly label: string;
  readonly credentials: string;
}

/** Shapes that cost parsers more than their length: what a regular expression tries again, what a decoder nests. */
export function headersOfSize(size: number, issuer: Signer): readonly HostileHeader[] {
  const length = size - "Bearer ".length;
  const fill = (pattern: string) => pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);
  const [header = "", payload = "", signature = ""] = issuer.mint().split(".");
  const encode = (text: string) => Buffer.from(text).toString("base64url");
  const part = Math.floor((length * 3) / 4) - 1_000;
  const fits = (text: string) => text.slice(0, length);
  return [
    { label: "one letter", credentials: fill("A") },
    { label: "spaces", credentials: fill(" ") },
    { label: "spaces within", credentials: `A${fill(" ").slice(2)}!` },
    { label: "dots", credentials: fill(".") },
    { label: "letters and dots", credentials: fill("A.") },
    { label: "equals signs", credentials: `A${fill("=").slice(2)}!` },
    { label: "letters and equals signs", credentials: fill("A=") },
    { label: "commas", credentials: fill("A,") },
    { label: "schemes", credentials: fill("Bearer ") },
    { label: "quotes", credentials: fill('"\\') },
    { label: "a token and spaces", credentials: fits(`${header}.${payload}.${signature}${fill(" ")}`) },
    {
      label: "a long header",
      credentials: `${encode(`{"alg":"RS256","kid":"${"k".repeat(part)}"}`)}.${payload}.${signature}`,
    },
    {
      label: "a nested header",
      credentials: `${encode(`{"alg":"RS256","kid":${nested(part)}}`)}.${payload}.${signature}`,
    },
    { label: "a nested payload", credentials: `${header}.${encode(`{"iss":${nested(part)}}`)}.${signature}` },
    { label: "many members", credentials: `${header}.${encode(manyMembers(part))}.${signature}` },
    { label: "a long signature", credentials: fits(`${header}.${payload}.${fill("A")}`) },
  ];
}

function nested(size: number): string {
  const depth = Math.floor(size / 2);
  return "[".repeat(depth) + "]".repeat(depth);
}

function manyMembers(size: number): string {
  const members = Array.from(
    { length: Math.floor(size / 10) },
    (_, index) => `"${index.toString(36).padStart(4, "_")}":0`,
  );
  return `{${members.join(",")}}`;
}
