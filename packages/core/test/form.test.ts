import { Readable } from "node:stream";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { LoginRequest } from "../src/index.js";
import { ADA, createAuthkit, REDIRECT_URI } from "./support/authkit.js";
import { asked, LOGIN_URI, post } from "./support/handoff.js";
import { request } from "./support/requests.js";
import { holdTime } from "./support/time.js";

afterEach(() => {
  vi.restoreAllMocks();
});

const OPTIONS = { signInUrl: "/sign-in", confirm: true } as const;
const COMPLETED = { to: "authkit", location: REDIRECT_URI };
const NO_FORM = { type: "failure", error: { code: "method_not_allowed", reason: "form" } };

/** What the login makes of a posted "Continue" that is sent in some form. */
async function send(toRequest: (fields: Record<string, string>, text: string) => LoginRequest) {
  const { login } = createAuthkit();
  const { form } = asked(await login.handle(request(LOGIN_URI), () => ADA, OPTIONS));
  const fields = { answer: "continue", proof: form.proof };
  const posted = toRequest(fields, new URLSearchParams(fields).toString());
  return login.handle(posted, () => ADA, OPTIONS);
}

/** A stream of these pieces, which then ends. */
function streamOf(...pieces: readonly string[]): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(bytes.encode(piece));
      controller.close();
    },
  });
}

describe("the answer of a user", () => {
  it.each<[what: string, toRequest: (fields: Record<string, string>, text: string) => LoginRequest]>([
    ["a text", (_, text) => post({}, { body: text })],
    ["a stream", (_, text) => post({}, { body: streamOf(text) })],
    ["a stream of single characters", (_, text) => post({}, { body: streamOf(...text) })],
    ["a stream of Node's", (_, text) => post({}, { body: Readable.from([Buffer.from(text)]) })],
    ["the fields, as a framework parsed them", (fields) => post({}, { body: fields })],
    [
      "the fields, without a prototype",
      (fields) => post({}, { body: Object.assign(Object.create(null), fields) }),
    ],
    [
      "a web request",
      (_, body) => {
        const { headers } = post({});
        return new Request(LOGIN_URI, { method: "POST", headers: headers as Headers, body });
      },
    ],
    ["a text with more in it", (_, text) => post({}, { body: `a=b&${text}&c=d` })],
    [
      "a text of a form with a charset",
      (_, body) =>
        post({}, { body, headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" } }),
    ],
    [
      "a text of a form in capitals",
      (_, body) =>
        post({}, { body, headers: { "content-type": " Application/X-WWW-Form-Urlencoded ; x=y" } }),
    ],
  ])("can be read from %s", async (_, toRequest) => {
    expect(await send(toRequest)).toMatchObject(COMPLETED);
  });

  it("may be as long as sixteen kilobytes, and no longer", async () => {
    const pad = (text: string, size: number) => `${text}&pad=`.padEnd(size, "x");
    expect(await send((_, text) => post({}, { body: streamOf(pad(text, 16_384)) }))).toMatchObject(COMPLETED);
    expect(await send((_, text) => post({}, { body: streamOf(pad(text, 16_385)) }))).toMatchObject(NO_FORM);
  });

  it("is not read on where it has no end", async () => {
    const cancel = vi.fn();
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode("answer=continue&")),
      cancel,
    });
    expect(await send(() => post({}, { body }))).toMatchObject(NO_FORM);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it("is not read on where it has no end in Node's manner either", async () => {
    let isClosed = false;
    async function* withoutEnd() {
      try {
        while (true) yield Buffer.from("answer=continue&");
      } finally {
        isClosed = true;
      }
    }
    const body = Readable.from(withoutEnd());
    expect(await send(() => post({}, { body }))).toMatchObject(NO_FORM);
    await vi.waitFor(() => expect([isClosed, body.destroyed]).toEqual([true, true]));
  });

  it("has five seconds to come", async () => {
    const endTime = holdTime();
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("answer=continue&")),
      pull: () => {
        endTime();
        return new Promise(() => {});
      },
    });
    const outcome = await send(() => {
      vi.mocked(AbortSignal.timeout).mockClear();
      return post({}, { body });
    });
    expect(outcome).toMatchObject(NO_FORM);
    expect(vi.mocked(AbortSignal.timeout).mock.calls).toEqual([[5_000]]);
  });

  it.each([
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    "application/x-www-form-urlencoded-not",
    "x; application/x-www-form-urlencoded",
    "",
    undefined,
  ])("is a form's and nothing else's: not %s", async (type) => {
    const headers = { "content-type": type };
    expect(await send((_, body) => post({}, { body, headers }))).toMatchObject(NO_FORM);
    expect(await send((body) => post({}, { body, headers }))).toMatchObject(NO_FORM);
  });

  it.each<[what: string, toBody: (fields: Record<string, string>) => unknown]>([
    ["nothing", () => undefined],
    ["null", () => null],
    ["a number", () => 5],
    ["an empty text", () => ""],
    ["an empty stream", () => streamOf()],
    ["a list", (fields) => Object.entries(fields)],
    ["bytes", (fields) => new TextEncoder().encode(new URLSearchParams(fields).toString())],
    ["lists of values", ({ proof }) => ({ answer: ["continue"], proof })],
    ["another word", (fields) => ({ ...fields, answer: "Continue" })],
    ["no word", ({ proof }) => ({ proof })],
    ["an inherited word", (fields) => Object.create(fields)],
    [
      "a stream that fails",
      () => new ReadableStream({ pull: (controller) => controller.error(new Error("s3cr3t")) }),
    ],
    [
      "a stream of Node's that fails",
      () =>
        new Readable({
          read() {
            this.destroy(new Error("s3cr3t"));
          },
        }),
    ],
    [
      "a stream that somebody else reads",
      (fields) => {
        const stream = streamOf(new URLSearchParams(fields).toString());
        stream.getReader();
        return stream;
      },
    ],
    [
      "a stream of text",
      () =>
        new ReadableStream({
          start: (controller) => {
            controller.enqueue("answer=continue");
            controller.close();
          },
        }),
    ],
  ])("is none where the body is %s", async (_, toBody) => {
    const { login, calls } = createAuthkit();
    const { form } = asked(await login.handle(request(LOGIN_URI), () => ADA, OPTIONS));
    const authenticate = vi.fn(() => ADA);
    const onError = vi.fn();
    const posted = post({}, { body: "" });
    const body = toBody({ answer: "continue", proof: form.proof });
    const outcome = await login.handle({ ...posted, body }, authenticate, { ...OPTIONS, onError });
    expect(outcome).toMatchObject(NO_FORM);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(authenticate).not.toHaveBeenCalled();
    expect(calls).toEqual([]);
  });

  it.each([null, 5, ["x"], {}])("proves nothing where its proof is no text: %j", async (proof) => {
    const outcome = await send(({ answer }) => post({}, { body: { answer, proof } }));
    expect(outcome).toMatchObject({ type: "redirect", to: "login-uri" });
  });

  it("is not looked for in any other request", async () => {
    const { login } = createAuthkit();
    const getReader = vi.fn();
    const body = Object.assign(streamOf("answer=continue"), { getReader });
    for (const posted of [
      { ...post({}, { body }), method: "GET" },
      post({}, { body, headers: { "sec-fetch-site": "cross-site" } }),
      post({}, { body, headers: { "content-type": "text/plain" } }),
    ]) {
      await login.handle(posted, () => ADA, OPTIONS);
    }
    await login.handle(post({}, { body }), () => ADA, { signInUrl: "/sign-in" });
    expect(getReader).not.toHaveBeenCalled();
  });
});
