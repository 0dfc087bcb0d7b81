import type { Context, Hono } from "hono";
import { UnsecuredJWT } from "jose";
import { expect, it, onTestFinished } from "vitest";
import { type DriveOptions, drive } from "../../src/drive/drive.js";
import { startScriptedAuthKit } from "../support/scripted-authkit.js";

const USER = { cookie: "" };

async function walk(
  routes: (app: Hono) => void,
  options: Omit<Partial<DriveOptions>, "deny" | "confirm"> = {},
) {
  const authkit = await startScriptedAuthKit(routes);
  onTestFinished(() => authkit.close());
  return drive({ authkit, user: USER, ...options });
}

/** Back at the client, with the state that it gave. */
function back(c: Context, state: string | undefined, query: Record<string, string>) {
  return c.redirect(`http://localhost/callback?${new URLSearchParams({ ...query, state: state ?? "" })}`);
}

const accessToken = new UnsecuredJWT({ sub: "user_1" }).encode();

/** AuthKit's page of organizations, and what was chosen on it. */
function withOrganizations(chosen: string[]) {
  return (app: Hono) => {
    app.get("/oauth2/authorize", (c) =>
      c.html(`<form method="post" action="/oauth2/organization?state=${c.req.query("state")}">
<label><input type="radio" name="organization_id" value="org_1" required> Acme &amp; Sons</label>
<label><input type="radio" name="organization_id" value="org_2"> Beta</label>
<button>Continue</button></form>`),
    );
    app.post("/oauth2/organization", async (c) => {
      chosen.push(String((await c.req.parseBody()).organization_id));
      return back(c, c.req.query("state"), { code: "c" });
    });
    app.post("/oauth2/token", (c) => c.json({ access_token: accessToken }));
  };
}

it("chooses an organization by its id or by its name", async () => {
  const chosen: string[] = [];
  for (const organization of ["org_2", "Acme & Sons"]) {
    const { claims } = await walk(withOrganizations(chosen), { organization });
    expect(claims).toEqual({ sub: "user_1" });
  }
  expect(chosen).toEqual(["org_2", "org_1"]);
});

it("says where an organization is missing, or not offered", async () => {
  await expect(walk(withOrganizations([]))).rejects.toThrow("AuthKit asks for an organization: say which");
  await expect(walk(withOrganizations([]), { organization: "org_secret" })).rejects.toThrow(
    /AuthKit's page does not offer this organization\.$/,
  );
});

it("takes nobody else's state, and an answer without a code for none", async () => {
  const other = walk((app) => app.get("/oauth2/authorize", (c) => back(c, "another", { code: "c" })));
  await expect(other).rejects.toThrow(
    "Expected the client's own state at its redirect URI, but it is another.",
  );
  const none = walk((app) => app.get("/oauth2/authorize", (c) => back(c, c.req.query("state"), {})));
  await expect(none).rejects.toThrow("Expected a code at the client's redirect URI: there is none.");
});

it("prints no error that is not one of OAuth's", async () => {
  const walked = walk((app) =>
    app.get("/oauth2/authorize", (c) => back(c, c.req.query("state"), { error: "Secret-1" })),
  );
  await expect(walked).rejects.toThrow("to the client with the error of another form.");
  await expect(walked).rejects.not.toThrow("Secret-1");
});

it("ends where redirects, pages or consent don't", async () => {
  const round = walk((app) => app.get("/oauth2/authorize", (c) => c.redirect("/oauth2/authorize")));
  await expect(round).rejects.toThrow("After 30 redirects the browser still is on its way.");
  const consent =
    '<form method="post" action="/consent"><button name="decision" value="allow">Allow</button></form>';
  const again = walk((app) => {
    app.get("/oauth2/authorize", (c) => c.html(consent));
    app.post("/consent", (c) => c.html(consent));
  });
  await expect(again).rejects.toThrow("AuthKit shows its consent page again.");
});

it("shows AuthKit nothing of the session that the application has", async () => {
  const seen: unknown[] = [];
  const routes = (app: Hono) => {
    app.get("/oauth2/authorize", (c) => {
      seen.push(c.req.header("x-user"), c.req.header("cookie"));
      return back(c, c.req.query("state"), { code: "c" });
    });
    app.post("/oauth2/token", (c) => c.json({ access_token: accessToken }));
  };
  await walk(routes, { user: { headers: { "x-user": "ada" } } });
  await walk(routes, { user: { cookie: "session=ada" } });
  expect(seen).toEqual([undefined, undefined, undefined, undefined]);
});

it("keeps method and body where a redirect says so, and sends forms as their pages say", async () => {
  const seen: unknown[] = [];
  await walk((app) => {
    app.get("/oauth2/authorize", (c) =>
      c.html(`<form method="post" enctype="multipart/form-data" action="/one">
<input type="hidden" name="state" value="${c.req.query("state")}"><button name="decision" value="allow"></form>`),
    );
    app.post("/one", async (c) => {
      const { state, decision } = await c.req.parseBody();
      seen.push(
        c.req.header("content-type")?.split(";")[0],
        c.req.header("origin") === new URL(c.req.url).origin,
        decision,
      );
      return c.redirect(`/two?state=${state}`, 307);
    });
    app.post("/two", async (c) => {
      seen.push((await c.req.parseBody()).decision);
      return back(c, c.req.query("state"), { code: "c" });
    });
    app.post("/oauth2/token", (c) => c.json({ access_token: accessToken }));
  });
  expect(seen).toEqual(["multipart/form-data", true, "allow", "allow"]);
});

it("sends a GET form's fields in the query", async () => {
  const seen: unknown[] = [];
  await walk((app) => {
    app.get("/oauth2/authorize", (c) =>
      c.html(`<form action="/next?lost=1"><input type="hidden" name="state" value="${c.req.query("state")}">
<button name="decision" value="allow"></form>`),
    );
    app.get("/next", (c) => {
      seen.push(c.req.query("decision"), c.req.query("lost"));
      return back(c, c.req.query("state"), { code: "c" });
    });
    app.post("/oauth2/token", (c) => c.json({ access_token: accessToken }));
  });
  expect(seen).toEqual(["allow", undefined]);
});

it("goes to no application of another scheme", async () => {
  const walked = walk((app) =>
    app.get("/oauth2/authorize", (c) => c.redirect("myapp://callback?code=secret")),
  );
  await expect(walked).rejects.toThrow(
    /It leads to an address of the scheme myapp:, which is not the redirect URI\.$/,
  );
});

it("comes back to an application of another scheme where that is the client", async () => {
  const { tokens } = await walk(
    (app) => {
      app.get("/oauth2/authorize", (c) =>
        c.redirect(`myapp://callback?code=c&state=${c.req.query("state")}`),
      );
      app.post("/oauth2/token", (c) => c.json({ access_token: accessToken }));
    },
    { client: { clientId: "native", redirectUri: "myapp://callback" } },
  );
  expect(tokens.accessToken).toBe(accessToken);
});
