/** Of a Bearer challenge, what a client goes on with (RFC 6750 section 3, RFC 9728 section 5.1). */
export interface BearerChallenge {
  readonly resourceMetadata: string | undefined;
  readonly scope: string | undefined;
}

export function readChallenge(headers: Headers): BearerChallenge | undefined {
  const header = headers.get("www-authenticate") ?? "";
  const start = /(?:^|,\s*)Bearer(?:\s+|$)/i.exec(header);
  if (start === null) return undefined;
  const rest = header.slice(start.index + start[0].length);
  const find = (name: string) => new RegExp(`(?:^|[\\s,])${name}="([^"]*)"`).exec(rest)?.[1];
  return { resourceMetadata: find("resource_metadata"), scope: find("scope") };
}
