import { Hono } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import * as v from "valibot";

import { type ApiReply, isAuthorized, UNAUTHORIZED } from "./api-reply.js";
import { readBody } from "./body.js";
import { durationSchema } from "./clock.js";
import { ConfigError } from "./config.js";
import { faultSchema } from "./faults.js";
import type { Env } from "./forward.js";
import { describeIssue, pathOf } from "./issue.js";
import { parseJsonObject } from "./json.js";
import type { LocalAuthKit } from "./server.js";

/** Where the admin API is. AuthKit has nothing there. */
export const ADMIN_PATH = "/_local";

const advanceSchema = v.strictObject({ by: durationSchema });
const endSessionSchema = v.strictObject({ user_id: v.optional(v.string()) });
const loginUriSchema = v.strictObject({ login_uri: v.string() });

/** What {@link LocalAuthKit} has for code, over HTTP, for the API key. */
export function createAdmin(authkit: LocalAuthKit): Hono<Env> {
  const app = new Hono<Env>();
  app.use(async (c, next) => {
    c.header("Cache-Control", "no-store");
    if (isAuthorized(c.req.header("authorization"), authkit.apiKey)) return next();
    return c.json(UNAUTHORIZED.body, UNAUTHORIZED.status);
  });

  const on = <S extends v.GenericSchema>(
    method: "POST" | "PUT" | "PATCH",
    path: string,
    schema: S,
    act: (body: v.InferOutput<S>) => unknown,
  ) => {
    app.on(method, path, async (c) => {
      const text = await readBody(c.env.incoming);
      const parsed = v.safeParse(schema, text === "" ? {} : parseJsonObject(text), {
        message: describeIssue,
      });
      if (!parsed.success) return c.json(unusable(parsed.issues), 422);
      try {
        const body = await act(parsed.output);
        return body === undefined ? c.body(null, 204) : c.json(body, 200 as ContentfulStatusCode);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        return c.json({ message: error.message }, 422);
      }
    });
  };

  app.get("/faults", (c) => c.json({ data: authkit.faults }));
  on("POST", "/faults", faultSchema, ({ target, ...fault }) => authkit.fault(target, fault));
  app.delete("/faults", (c) => {
    authkit.clearFaults();
    return c.body(null, 204);
  });

  const time = () => ({ now: new Date(authkit.clock.now()).toISOString(), ahead_ms: authkit.clock.aheadBy });
  app.get("/clock", (c) => c.json(time()));
  on("POST", "/clock/advance", advanceSchema, ({ by }) => {
    authkit.clock.advance(by);
    return time();
  });

  on("POST", "/keys/rotate", v.strictObject({}), () => authkit.rotateKeys());
  on("POST", "/sessions/end", endSessionSchema, ({ user_id }) => ({ ended: authkit.endSession(user_id) }));

  on("PUT", "/login_uri", loginUriSchema, ({ login_uri }) => authkit.setLoginUri(login_uri));
  app.get("/switches", (c) => c.json(authkit.switches));
  on("PATCH", "/switches", v.record(v.string(), v.string()), async (changes) => {
    await authkit.setSwitches(changes);
    return authkit.switches;
  });

  return app;
}

function unusable(issues: [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): ApiReply["body"] {
  return { message: issues.map((issue) => `${pathOf(issue, "body")} ${issue.message}`).join("\n") };
}
