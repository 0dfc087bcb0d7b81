import { describe, expect, it } from "vitest";
import { createTerminal } from "../src/terminal.js";

/** A terminal of some columns, or no terminal, and what was written to its two streams. */
function open(columns: number | undefined, env: Record<string, string> = {}) {
  const written = { stdout: "", stderr: "" };
  const stream = (name: keyof typeof written) =>
    Object.assign(Object.create(null), {
      columns,
      isTTY: columns !== undefined,
      on: () => {},
      write: (text: string) => {
        written[name] += text;
      },
    }) as NodeJS.WriteStream;
  return { written, terminal: createTerminal({ stdout: stream("stdout"), stderr: stream("stderr"), env }) };
}

const TEXT = "Look whether https://example.authkit.app/oauth2/jwks is right and reachable from here.";

describe("a narrow terminal", () => {
  it("breaks lines between words, below where they began", () => {
    const lines = `    ${open(40).terminal.wrap(TEXT, 4)}`.split("\n");
    expect(lines).toEqual([
      "    Look whether",
      "    https://example.authkit.app/oauth2/jwks",
      "    is right and reachable from here.",
    ]);
  });

  it("leaves lines as they are where programs read them, or where nothing would fit", () => {
    expect(open(undefined).terminal.wrap(TEXT, 4)).toBe(TEXT);
    for (const columns of [0, 10]) expect(open(columns).terminal.wrap(TEXT, 4)).toBe(TEXT);
  });

  it("keeps progress on one line, which can be taken away", () => {
    const { written, terminal } = open(20, { NO_COLOR: "1" });
    terminal.progress("Asking https://example.authkit.app ...");
    expect(written.stderr).toBe("\r\u001b[KAsking https://exam");
  });
});

it.each([
  [80, {}, true],
  [80, { NO_COLOR: "1" }, false],
  [80, { NO_COLOR: "" }, true],
  [80, { NO_COLOR: "1", FORCE_COLOR: "1" }, true],
  [80, { TERM: "dumb" }, false],
  [undefined, { CI: "true" }, false],
  [undefined, { FORCE_COLOR: "1" }, true],
  [undefined, { FORCE_COLOR: "0" }, false],
] as const)("colours a terminal of %s columns with %o: %s", (columns, env, isColored) => {
  const { written, terminal } = open(columns, env);
  terminal.complain("no");
  expect([terminal.colors.red("x") !== "x", written.stderr.includes("\u001b[31m")]).toEqual([
    isColored,
    isColored,
  ]);
});
