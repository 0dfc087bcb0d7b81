import { HANDOFF_ATTACKS, type HandoffAttack, idOf, type WrittenVisit } from "./handoff-attacks.js";

/** Where an id is that is not alone in the query. */
const PLACES: readonly HandoffAttack[] = [
  astray("its id twice", (id) => ({ query: `${id}&${id}` })),
  astray("its id and another", (id) => ({ query: `${id}&external_auth_id=other` })),
  astray("another id and its own", (id) => ({ query: `external_auth_id=other&${id}` })),
  astray("another id whose name is escaped", (id) => ({ query: `${id}&external%5Fauth%5Fid=other` })),
  astray("a line break behind its id", (id) => ({ query: `${id}%0d%0aLocation:%20//evil.example` })),
  astray("a space before its id", (id) => ({ query: id.replace("=", "=%20") })),
  astray("its id in the fragment", (id) => ({ query: `#${id}` })),
  astray("its id in the fragment, behind a query", (id) => ({ query: `tab=1#?${id}` })),
  astray("its id in another parameter", (id) => ({ query: `tab=${encodeURIComponent(`?${id}`)}` })),
  astray("its id in a cookie", (id) => ({ query: "", cookie: id })),
  astray("its id in a form", (id) => form("", id)),
  astray("its id in a form and in the query", (id) => form(id, id)),
];

/** One that is led nowhere. */
function astray(what: string, write: (id: string) => WrittenVisit): HandoffAttack {
  return { what, expected: "refused", write: (login) => write(idOf(login)) };
}

function form(query: string, body: string): WrittenVisit {
  const type = "Content-Type: application/x-www-form-urlencoded";
  return { method: "POST", query, headers: [type, `Content-Length: ${body.length}`], body };
}

/** Good ids in addresses that another site could be read from, or a header. */
const ADDRESSES: readonly HandoffAttack[] = [
  ...[
    "//evil.example",
    "//evil.example/auth/login",
    "/..//evil.example/",
    "/%2e%2e//evil.example/",
    "/%2f%2fevil.example",
    "/%5c%5cevil.example",
    "/\\evil.example",
    "/@evil.example",
    "/https://evil.example/",
    "/%0d%0aLocation:%20//evil.example",
    "/%0aSet-Cookie:%20session=eve",
    "/%00",
    "/%ff",
    "/%",
  ].map((behind) => address(`${behind} behind the path`, () => ({ behind }))),
  address("a line break in the query", (id) => ({ query: `tab=%0d%0aLocation:%20//evil.example&${id}` })),
  address("a broken escape in the query", (id) => ({ query: `tab=%zz&${id}` })),
  address("another site in the fragment", (id) => ({ query: `${id}#//evil.example` })),
];

function address(what: string, write: (id: string) => WrittenVisit): HandoffAttack {
  return { what, expected: "unmoved or refused", write: (login) => write(idOf(login)) };
}

/** Visits to a page that is not the Login URI: those of its own, and all that is tried on the Login URI itself. */
export const STRAY_ATTACKS: readonly HandoffAttack[] = [...PLACES, ...ADDRESSES, ...HANDOFF_ATTACKS];
