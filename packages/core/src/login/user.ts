import * as v from "valibot";

/**
 * The application's user, as AuthKit is told of it. AuthKit creates or updates its own user under `id`, so `id` must
 * be stable and never given to somebody else. `null` and `undefined` both mean "not known": the field is not sent.
 * Source: AuthKit, Standalone Connect, "Complete login".
 */
export interface User {
  /** The application's own id of the user, 1 to 128 ASCII characters. AuthKit keeps it as `external_id`. */
  readonly id: string;
  /** Unique among AuthKit's users. Send verified addresses only: nothing tells AuthKit that one is not. */
  readonly email: string;
  readonly firstName?: string | null | undefined;
  readonly lastName?: string | null | undefined;
  /** The full name. */
  readonly name?: string | null | undefined;
  /** At most 50 entries; keys of 1 to 40 characters, values of up to 600. */
  readonly metadata?: Readonly<Record<string, string>> | null | undefined;
}

// Made in functions that are marked as pure: a bundler leaves out the schemas that an application does not use.
const text = /* @__PURE__ */ (() => v.pipe(v.string("must be a string"), v.maxLength(1024, "is too long")))();

/** The application's own id of a user. */
export const userIdSchema = /* @__PURE__ */ (() =>
  v.pipe(
    v.string("must be a string"),
    v.minLength(1, "must not be empty"),
    v.maxLength(128, "is too long"),
    v.regex(/^[\x20-\x7e]+$/, "must be ASCII"),
  ))();

export const userSchema = /* @__PURE__ */ (() =>
  v.object(
    {
      id: userIdSchema,
      // AuthKit decides what an e-mail address is; this only stops what can't be one.
      email: v.pipe(
        v.string("must be a string"),
        v.maxLength(320, "is too long"),
        v.check((email) => /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(email), "is not an e-mail address"),
      ),
      firstName: v.nullish(text),
      lastName: v.nullish(text),
      name: v.nullish(text),
      metadata: v.nullish(
        v.pipe(
          // A record would take a list, too.
          v.custom<unknown>((metadata) => !Array.isArray(metadata), "must be an object"),
          v.record(
            v.pipe(
              v.string(),
              v.minLength(1, "has an empty key"),
              v.maxLength(40, "has a key that is too long"),
            ),
            v.pipe(
              v.string("has a value that is not a string"),
              v.maxLength(600, "has a value that is too long"),
            ),
            // Said here because valibot's own message would quote the value.
            "must be an object",
          ),
          v.check((metadata) => Object.keys(metadata).length <= 50, "has too many entries"),
        ),
      ),
    },
    "must be an object",
  ))();
