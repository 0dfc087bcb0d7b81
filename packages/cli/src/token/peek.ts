/** What a token says of itself. Nothing of it is verified. */
export interface Peek {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Reads a token's parts, or gives `undefined` where it has none that can be read. */
export function peek(token: string): Peek | undefined {
  const parts = token.split(".");
  if (parts.length !== 3) return undefined;
  const [header, claims] = parts.map(decode);
  return header && claims && { header, claims };
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
