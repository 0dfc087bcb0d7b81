import { toText } from "../oauth-values.js";
import { type Exchanges, toTexts } from "./exchanges.js";
import type { ClientProfile, ResourceMetadataPlace, ServerMetadataPlace } from "./profile.js";

/** What the resource says of itself, as far as clients go on with it (RFC 9728 section 2). */
export interface ResourceMetadata {
  readonly resource: string;
  readonly issuer: string;
  readonly scopes: readonly string[];
}

/** What the authorization server says of itself, as far as clients go on with it (RFC 8414 section 2). */
export interface ServerMetadata {
  readonly authorizationEndpoint: URL;
  readonly tokenEndpoint: URL;
  readonly registrationEndpoint: URL | undefined;
  readonly takesDocuments: boolean;
  readonly authMethods: readonly string[];
  readonly scopes: readonly string[];
}

const PROTECTED_RESOURCE = "/.well-known/oauth-protected-resource";

/**
 * Finds the resource's metadata, in the client's order, and checks that it is the resource's. `named` is where the
 * challenge says that it is.
 */
export async function findResourceMetadata(
  { discovery }: ClientProfile,
  exchanges: Exchanges,
  entered: string,
  named: string | undefined,
): Promise<ResourceMetadata> {
  const step = "protected resource metadata";
  const places = addressesOf(discovery.resource, new URL(entered), named);
  for (const address of places) {
    if (!URL.canParse(address)) exchanges.fail(step, "the challenge's resource_metadata is no URL.");
    const used = ["resource", "authorization_servers", "scopes_supported"];
    const answer = await exchanges.send(
      step,
      new URL(address),
      { headers: discovery.headers.resource },
      used,
    );
    if (answer.status !== 200) continue;
    const resource = toText(answer.json.resource);
    const [issuer] = toTexts(answer.json.authorization_servers);
    if (resource === undefined || issuer === undefined || !URL.canParse(issuer)) {
      exchanges.fail(step, `${exchanges.last()}, without resource and a URL among authorization_servers.`);
    }
    if (!isMatch(discovery.match, entered, resource)) {
      exchanges.fail(step, "its resource is not the address that was entered.");
    }
    return { resource, issuer, scopes: toTexts(answer.json.scopes_supported) };
  }
  return exchanges.fail(step, `none was found; ${exchanges.last()}.`);
}

/** Finds the authorization server's metadata, in the client's order. */
export async function findServerMetadata(
  { discovery }: ClientProfile,
  exchanges: Exchanges,
  issuer: string,
): Promise<ServerMetadata> {
  const step = "authorization server metadata";
  for (const address of new Set(discovery.server.map((place) => addressOf(place, new URL(issuer))))) {
    const used = ["authorization_endpoint", "token_endpoint", "code_challenge_methods_supported"];
    const answer = await exchanges.send(step, new URL(address), { headers: discovery.headers.server }, used);
    if (answer.status !== 200) continue;
    const { json } = answer;
    // Mix-ups of authorization servers begin here (RFC 8414 section 3.3).
    if (json.issuer !== issuer) exchanges.fail(step, "its issuer is not the one that the resource names.");
    if (!toTexts(json.code_challenge_methods_supported).includes("S256")) {
      exchanges.fail(step, "S256 is not among code_challenge_methods_supported.");
    }
    return {
      authorizationEndpoint: readUrl(exchanges, json, "authorization_endpoint"),
      tokenEndpoint: readUrl(exchanges, json, "token_endpoint"),
      registrationEndpoint:
        json.registration_endpoint === undefined
          ? undefined
          : readUrl(exchanges, json, "registration_endpoint"),
      takesDocuments: json.client_id_metadata_document_supported === true,
      authMethods: toTexts(json.token_endpoint_auth_methods_supported),
      scopes: toTexts(json.scopes_supported),
    };
  }
  return exchanges.fail(step, `none was found; ${exchanges.last()}.`);
}

function addressesOf(
  places: readonly ResourceMetadataPlace[],
  { origin, pathname }: URL,
  named: string | undefined,
): Iterable<string> {
  if (named !== undefined && places.includes("challenge")) return [named];
  const path = pathname.replace(/\/$/, "");
  return new Set(
    places
      .filter((place) => place !== "challenge")
      .map((place) => origin + PROTECTED_RESOURCE + (place === "path" ? path : "")),
  );
}

function addressOf(place: ServerMetadataPlace, { origin, pathname }: URL): string {
  const path = pathname.replace(/\/$/, "");
  if (place === "oauth") return `${origin}/.well-known/oauth-authorization-server${path}`;
  if (place === "openid") return `${origin}/.well-known/openid-configuration${path}`;
  return `${origin}${path}/.well-known/openid-configuration`;
}

function isMatch(match: ClientProfile["discovery"]["match"], entered: string, resource: string): boolean {
  if (match === "exact" || !URL.canParse(resource)) return resource === entered;
  const [wanted, found] = [new URL(entered), new URL(resource)];
  if (match === "url") return found.href === wanted.href;
  const withSlash = (path: string) => (path.endsWith("/") ? path : `${path}/`);
  return found.origin === wanted.origin && withSlash(wanted.pathname).startsWith(withSlash(found.pathname));
}

function readUrl(exchanges: Exchanges, json: Readonly<Record<string, unknown>>, member: string): URL {
  const value = toText(json[member]);
  if (value === undefined || !URL.canParse(value)) {
    return exchanges.fail("authorization server metadata", `its ${member} is no URL.`);
  }
  return new URL(value);
}
