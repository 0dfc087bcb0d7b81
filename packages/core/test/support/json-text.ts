import fc from "fast-check";
import { AUDIENCE, ISSUER, NOW } from "./issuer.js";

/** Names that mean something to a verifier, or to JavaScript. */
const NAMES =
  `iss aud sub iat exp nbf scope jti client_id sid org_id nonce at_hash alg kid typ crit b64 cty jwk jku x5u
  zip __proto__ constructor prototype toString valueOf hasOwnProperty then toJSON length`.split(/\s+/);

/** Values that are right somewhere, or nearly. */
const WORDS = [
  ...[ISSUER, `${ISSUER}/`, AUDIENCE, `${AUDIENCE}/`, "RS256", "none", "HS256", "rsa-1", "rsa-2"],
  ...["JWT", "application/AT+JWT", "id+jwt", "openid notes:read", " notes:read  notes:read ", "user_1", ""],
];

const write = (value: unknown) => JSON.stringify(value);

/** Strings, lone surrogates and all; some are spelt as `JSON.stringify` would not. */
const stringText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: "binary", maxLength: 12 }).map(write) },
  { weight: 4, arbitrary: fc.constantFrom(...WORDS).map(write) },
  { weight: 1, arbitrary: fc.constantFrom('"\\ud800"', '"\\udfff\\ud800"', '"\\u005f_proto__"', '"\\/"') },
);

const numberText = fc.oneof(
  fc.constantFrom("0", "-0", "1e400", "-1e400", "1e-400", "9007199254740993", "1.7e9", "0.1"),
  fc.integer({ min: -70, max: 400 }).map((seconds) => String(NOW + seconds)),
  fc.constantFrom(-6, -5, -4, 0, 4, 5, 6).map((seconds) => `${NOW + seconds}.0`),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

const faultyText = fc.constantFrom(
  "",
  "undefined",
  "01",
  "+1",
  "NaN",
  "1.",
  '"\\x"',
  '"\t"',
  '"',
  "'a'",
  "[1,]",
);

const nestedText = fc
  .tuple(fc.constantFrom(["[", "]"], ['{"a":', "}"], ["[", ""]), fc.nat(3_000))
  .map(([[open = "", close = ""], depth]) => open.repeat(depth) + close.repeat(depth));

const nameText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NAMES).map(write) },
  { weight: 1, arbitrary: stringText },
);

/** JSON as text, so that there can be what no value has: members twice, numbers that run over, faults of grammar. */
export const jsonText: fc.Arbitrary<string> = fc.letrec<{ value: string; list: string; object: string }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 3, depthIdentifier: "json" },
      { weight: 12, arbitrary: stringText },
      { weight: 12, arbitrary: numberText },
      { weight: 8, arbitrary: fc.constantFrom("true", "false", "null", "[]", "{}") },
      { weight: 1, arbitrary: faultyText },
      { weight: 1, arbitrary: nestedText },
      { weight: 6, arbitrary: tie("list") },
      { weight: 6, arbitrary: tie("object") },
    ),
    list: fc.array(tie("value"), { maxLength: 4 }).map((values) => `[${values.join(",")}]`),
    object: fc
      .array(fc.tuple(nameText, tie("value")), { maxLength: 4 })
      .map((members) => `{${members.map((one) => one.join(":")).join(",")}}`),
  }),
).value;

/** An object as text with these members, of which some were changed, left out, or written twice. */
export function changedObjectText(members: Readonly<Record<string, unknown>>): fc.Arbitrary<string> {
  const texts = Object.entries(members).map((member) => member.map(write));
  const edit = fc.record({
    at: fc.nat(texts.length - 1),
    change: fc.constantFrom("replace", "leave out", "add", "add first"),
    name: nameText,
    value: jsonText,
  });
  const space = fc.constantFrom("", "", "", " ", "\r\n", "\t");
  return fc.tuple(fc.array(edit, { maxLength: 2 }), space).map(([edits, between]) => {
    const list = [...texts];
    for (const { at, change, name, value } of edits) {
      if (change === "replace") list[at] = [list[at]?.[0] ?? name, value];
      else if (change === "leave out") list.splice(at, 1);
      else if (change === "add") list.push([name, value]);
      else list.unshift([name, value]);
    }
    return `{${list.map((one) => one.join(`:${between}`)).join(`,${between}`)}}`;
  });
}

/** A text's bytes; now and then with a byte changed or put in, so that it may be no UTF-8. */
export function toAnyBytes(text: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const damage = rarely(fc.record({ at: fc.nat(400), cut: fc.nat(1), byte: fc.nat(255) }));
  return fc.tuple(text, damage).map(([one, wound]) => {
    const bytes = Buffer.from(one);
    if (wound === null) return bytes;
    const at = Math.min(wound.at, bytes.length);
    return Buffer.concat([bytes.subarray(0, at), Buffer.from([wound.byte]), bytes.subarray(at + wound.cut)]);
  });
}

/** Now and then one of these, and mostly none. */
export function rarely<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}
