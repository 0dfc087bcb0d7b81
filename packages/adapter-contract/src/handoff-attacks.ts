import { writeRequest } from "./written-request.js";

/** The site that attacks try to lead browsers to. */
const ATTACKER = "evil.example";

/** What an attack puts into an id; as it stands here, it must be on no page. */
export const MARKUP = "<script>alert(1)</script>";

/** A request to the Login URI that must not become a login, or must not lead one elsewhere. */
export interface HandoffAttack {
  readonly what: string;
  /**
   * `refused`: 4xx and no redirect. `unmoved`: answered as the same visit without what is special about it.
   * `unmoved or refused`: the one or the other, as the server likes. `harmless`: servers and frameworks answer it by
   * themselves, each in its way, some by an error; what matters is that it is no visit. None leads to the attacker's site.
   */
  readonly expected: "refused" | "unmoved" | "unmoved or refused" | "harmless";
  /** What Connect refuses it with. Absent where a server or framework may answer before Connect is asked. */
  readonly code?: "invalid_external_auth_id" | "method_not_allowed";
  /** It answers the page that asks, with the page's own proof. */
  readonly isForm?: true;
  /** Nobody can make a browser send it: where it leads away, that counts behind a careless cache or proxy alone. */
  readonly isOfNoBrowser?: true;
  readonly write: (login: AttackedLogin) => WrittenVisit;
}

/** Whom the attack is on. */
export interface AttackedLogin {
  readonly loginUri: URL;
  readonly externalAuthId: string;
  /** The browser's Cookie header, if it has one. */
  readonly cookie?: string | undefined;
  /** The proof on the page that asks. Where there is no such page, any text. */
  readonly proof: string;
}

/** What is special about a visit. One character a byte. */
export interface WrittenVisit {
  /** Default GET. */
  readonly method?: string;
  /** Default: the login's id, and nothing else. */
  readonly query?: string;
  /** What stands before the path in the request line. */
  readonly before?: string;
  /** What stands behind the path. */
  readonly behind?: string;
  /** Default: the Login URI's. */
  readonly host?: string;
  /** Lines, without their ends. */
  readonly headers?: readonly string[];
  /** Beside the browser's own. */
  readonly cookie?: string | undefined;
  readonly body?: string;
}

/** The request of a visit, as AuthKit sends browsers there, or of an attack. */
export function writeVisit(login: AttackedLogin, attack?: HandoffAttack): string {
  const { loginUri } = login;
  const visit = attack?.write(login) ?? {};
  const {
    query = idOf(login),
    before = "",
    behind = "",
    host = loginUri.host,
    headers = [],
    ...rest
  } = visit;
  const cookies = [login.cookie, visit.cookie].filter((one) => one !== undefined);
  return writeRequest(host, before + loginUri.pathname + behind, {
    ...rest,
    query: `${loginUri.search || "?"}${loginUri.search && "&"}${query}`,
    headers: [...headers, ...(cookies.length > 0 ? [`Cookie: ${cookies.join("; ")}`] : [])],
  });
}

/** Whether a Location leads to the attacker's site, at once or by a way back in its query. */
export function leadsAway(location: string, loginUri: URL): boolean {
  const isAway = (target: string) =>
    URL.canParse(target, loginUri) && new URL(target, loginUri).hostname === ATTACKER;
  const { searchParams } = URL.canParse(location, loginUri) ? new URL(location, loginUri) : loginUri;
  return [location, ...searchParams.values()].some(isAway);
}

/** The query as AuthKit writes it. */
export function idOf({ externalAuthId }: Pick<AttackedLogin, "externalAuthId">): string {
  return `external_auth_id=${externalAuthId}`;
}

/** As a browser has it while a login waits in it, but sealed by nobody. */
const FORGED_COOKIE = `__Host-connect-login.${"0".repeat(32)}=eyJhbGciOiJkaXIifQ`;

/** No id, or what no id is. */
const IDS: readonly HandoffAttack[] = [
  badId("no id", ""),
  badId("an empty id", "external_auth_id="),
  badId("two ids", "external_auth_id=a&external_auth_id=b"),
  badId("the same id twice", "external_auth_id=a&external_auth_id=a"),
  badId("a list of ids", "external_auth_id[]=a"),
  badId("an object for an id", "external_auth_id[$ne]=a"),
  badId("another spelling of the id's name", "External_Auth_Id=a"),
  badId("an over-long id", `external_auth_id=${"a".repeat(513)}`),
  badId("a control character in the id", "external_auth_id=a%00b"),
  badId("a line break in the id", "external_auth_id=a%0d%0aset-cookie:x"),
  badId("a space in the id", "external_auth_id=a%20b"),
  badId("a space in the id, written as a plus", "external_auth_id=a+b"),
  badId("an id that is not ASCII", "external_auth_id=%C3%A9"),
  badId("bytes in the id that are not UTF-8", "external_auth_id=%ff"),
  badId("an over-long encoding in the id", "external_auth_id=a%c0%aeb"),
  badId("half a surrogate pair in the id", "external_auth_id=%ed%a0%80"),
  badId("no id, but a forged cookie of a waiting login", "", FORGED_COOKIE),
  badId("no id, but one in a cookie", "", "external_auth_id=a"),
];

function badId(what: string, query: string, cookie?: string): HandoffAttack {
  return {
    what,
    expected: "refused",
    code: "invalid_external_auth_id",
    write: () => ({ query, cookie }),
  };
}

/** Loads that are no person's own navigation (Fetch Metadata, `Sec-Purpose` and what came before it). */
const LOADS: readonly HandoffAttack[] = [
  load("HEAD, as link previews ask", { method: "HEAD" }),
  load("a prefetch", { headers: ["Sec-Purpose: prefetch"] }),
  load("a prerender", { headers: ["Sec-Purpose: prefetch;prerender"] }),
  load("an older prefetch", { headers: ["Purpose: prefetch"] }),
  load("an older prefetch of Firefox's", { headers: ["X-Moz: prefetch"] }),
  load("an older preview of Safari's", { headers: ["X-Purpose: preview"] }),
  load("a router's prefetch", { headers: ["Next-Router-Prefetch: 1"] }),
  ...["iframe", "frame", "embed", "object", "image", "script", "empty"].map((destination) =>
    load(`a load as ${destination}`, { headers: [`Sec-Fetch-Dest: ${destination}`] }),
  ),
  {
    what: "a WebSocket's handshake, as Chromium writes it",
    expected: "refused",
    write: () => ({
      headers: [
        ...["Connection: Upgrade", "Upgrade: websocket", `Origin: https://${ATTACKER}`],
        ...["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: CxfCJ4t1fiEAjU62XGU8tw=="],
      ],
    }),
  },
];

function load(what: string, visit: WrittenVisit): HandoffAttack {
  return { what, expected: "refused", code: "method_not_allowed", write: () => visit };
}

/** Methods that visit nothing. */
const METHODS: readonly HandoffAttack[] = [
  ...["PUT", "DELETE", "PATCH"].map(
    (method): HandoffAttack => ({ what: method, expected: "refused", write: () => ({ method }) }),
  ),
  { what: "TRACE", expected: "harmless", write: () => ({ method: "TRACE" }) },
  {
    what: "a POST without a form",
    expected: "refused",
    write: () => ({ method: "POST", headers: ["Content-Length: 0"] }),
  },
  {
    what: "a POST that calls itself a GET",
    expected: "refused",
    write: () => ({ method: "POST", headers: ["Content-Length: 0", "X-HTTP-Method-Override: GET"] }),
  },
  {
    what: "a preflight from another site",
    expected: "harmless",
    write: () => ({
      method: "OPTIONS",
      headers: [`Origin: https://${ATTACKER}`, "Access-Control-Request-Method: GET"],
    }),
  },
];

/** The answer "continue" to the page that asks, as other pages than that one can send it. */
const FORMS: readonly HandoffAttack[] = [
  form("from another site", "Sec-Fetch-Site: cross-site", `Origin: https://${ATTACKER}`),
  form("from another part of the site", "Sec-Fetch-Site: same-site", "Origin: https://www.example.com"),
  form("from nowhere that it tells", "Sec-Fetch-Site: none"),
  form("from a frame", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Dest: iframe"),
  form("without any origin"),
  form("from an origin that is not told", "Origin: null"),
  form("from another origin, by an older browser", `Origin: https://${ATTACKER}`),
];

function form(from: string, ...headers: string[]): HandoffAttack {
  return {
    what: `the form of the page that asks, ${from}`,
    expected: "refused",
    code: "method_not_allowed",
    isForm: true,
    write({ proof }) {
      const body = new URLSearchParams({ proof, answer: "continue" }).toString();
      const type = "Content-Type: application/x-www-form-urlencoded";
      return { method: "POST", headers: [type, `Content-Length: ${body.length}`, ...headers], body };
    },
  };
}

/** Good visits, and a word to lead them elsewhere. */
const LURES: readonly HandoffAttack[] = [
  ...[
    [`X-Forwarded-Host: ${ATTACKER}`],
    [`X-Forwarded-Host: ${ATTACKER}`, "X-Forwarded-Proto: https"],
    [`X-Forwarded-Server: ${ATTACKER}`],
    [`X-Forwarded-Prefix: //${ATTACKER}`],
    [`X-Host: ${ATTACKER}`],
    [`Forwarded: for=127.0.0.1;host=${ATTACKER};proto=https`],
    [`X-Original-URL: https://${ATTACKER}/`],
    [`X-Rewrite-URL: https://${ATTACKER}/`],
    [`Referer: https://${ATTACKER}/`],
    [`X-Middleware-Subrequest: ${Array(5).fill("middleware").join(":")}`],
    [`X-Middleware-Subrequest: ${Array(5).fill("src/middleware").join(":")}`],
  ].map(
    (headers): HandoffAttack => ({
      what: `a forged ${headers.join(" and ")}`,
      expected: "unmoved",
      write: () => ({ headers }),
    }),
  ),
  ...["return_to", "redirect_uri", "redirect_to", "fallback", "next"].map(
    (name): HandoffAttack => ({
      what: `another site as ${name} beside the id`,
      expected: "unmoved",
      write: (login) => ({ query: `${idOf(login)}&${name}=https%3A%2F%2F${ATTACKER}%2F` }),
    }),
  ),
  {
    what: "a forged cookie of a waiting login beside the id",
    expected: "unmoved",
    write: () => ({ cookie: FORGED_COOKIE }),
  },
  {
    what: "an id with markup in it",
    expected: "unmoved",
    write: (login) => ({ query: idOf(login) + encodeURIComponent(`'">${MARKUP}`) }),
  },
  {
    what: "an id with markup in it, not escaped",
    expected: "unmoved or refused",
    write: (login) => ({ query: `${idOf(login)}'">${MARKUP}` }),
  },
  {
    what: "an id with a broken escape in it",
    expected: "unmoved or refused",
    write: (login) => ({ query: `${idOf(login)}%zz` }),
  },
  { what: "a forged Host", expected: "unmoved or refused", write: () => ({ host: ATTACKER }) },
  {
    what: "a second Host",
    expected: "unmoved or refused",
    write: () => ({ headers: [`Host: ${ATTACKER}`] }),
  },
  {
    what: "another site in the request line",
    expected: "unmoved or refused",
    isOfNoBrowser: true,
    write: () => ({ before: `http://${ATTACKER}` }),
  },
  {
    what: "another site in the request line and as Host",
    expected: "unmoved or refused",
    isOfNoBrowser: true,
    write: () => ({ before: `http://${ATTACKER}`, host: ATTACKER }),
  },
  {
    what: "another site before the path",
    expected: "harmless",
    write: () => ({ before: `//${ATTACKER}` }),
  },
  {
    what: "another site before the path, with a backslash",
    expected: "harmless",
    write: () => ({ before: `/\\${ATTACKER}` }),
  },
  {
    what: "a header of 16 KB",
    expected: "unmoved or refused",
    write: () => ({ headers: [`X-Filler: ${"a".repeat(16_384)}`] }),
  },
];

/** All of them. */
export const HANDOFF_ATTACKS: readonly HandoffAttack[] = [...IDS, ...LOADS, ...METHODS, ...FORMS, ...LURES];
