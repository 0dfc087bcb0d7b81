import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

const deriveKey = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);

// One of the settings OWASP's Password Storage Cheat Sheet gives for scrypt: 16 MiB, five passes.
const COST: ScryptOptions = { N: 2 ** 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/** Hashes a password with scrypt and a fresh salt, away from the event loop. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await deriveKey(password, salt, KEY_BYTES, COST);
  return `${salt.toString("base64url")}.${key.toString("base64url")}`;
}

/** Says whether `hash` came from this password, in a time that doesn't depend on the answer. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [salt = "", key = ""] = hash.split(".");
  const expected = Buffer.from(key, "base64url");
  const actual = await deriveKey(password, Buffer.from(salt, "base64url"), KEY_BYTES, COST);
  return expected.length === KEY_BYTES && timingSafeEqual(actual, expected);
}
