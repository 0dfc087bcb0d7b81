import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, it } from "vitest";
import type { ConnectEvent } from "../src/index.js";
import { toSignal } from "../src/otel/signal.js";
import { readSource } from "./support/sources.js";

const PAGE = readFileSync(new URL("../../../docs/events.md", import.meta.url), "utf8");

/** The cells of a table of the page, below its head. */
function tableUnder(title: string): string[][] {
  const [, section = ""] = PAGE.split(`\n## ${title}\n`);
  const lines = (section.split("\n## ")[0] ?? "").split("\n").filter((line) => line.startsWith("|"));
  return lines.slice(2).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands in backticks. */
const codesIn = (cell = "") => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code = ""]) => code);

interface Member {
  readonly name: string;
  /** Its type in words, as the page has them. */
  readonly types: readonly string[];
  readonly isOptional: boolean;
}

/** The events as src declares them: for each interface with a `type` of its own, the rest of its members. */
function readEvents(): Map<string, Member[]> {
  const file = ts.createSourceFile("events.ts", readSource("events.ts"), ts.ScriptTarget.ES2022);
  const interfaces = new Map(
    file.statements.filter(ts.isInterfaceDeclaration).map((one) => [one.name.text, one]),
  );
  const membersOf = (one: ts.InterfaceDeclaration): Member[] => {
    const inherited = (one.heritageClauses ?? [])
      .flatMap(({ types }) => types)
      .flatMap(({ expression }) => {
        const parent = interfaces.get(expression.getText(file));
        if (parent === undefined) throw new Error(`${one.name.text} extends what is not in events.ts`);
        return membersOf(parent);
      });
    const own = one.members.filter(ts.isPropertySignature).map(({ name, type }) => {
      const types = (type?.getText(file) ?? "").split(" | ");
      return {
        name: name.getText(file),
        types: types.filter((word) => word !== "undefined"),
        isOptional: types.includes("undefined"),
      };
    });
    return [...own, ...inherited];
  };
  const events = new Map<string, Member[]>();
  for (const one of interfaces.values()) {
    const members = membersOf(one);
    const type = members.find(({ name }) => name === "type");
    if (type === undefined) continue;
    const rest = members.filter((member) => member !== type);
    events.set(JSON.parse(type.types.join()), rest);
  }
  return events;
}

const EVENTS = readEvents();

it("the page of events has all of them, each with what it has", () => {
  const page = tableUnder("All events").map(([event, has]) => [codesIn(event)[0], codesIn(has).sort()]);
  const code = Array.from(EVENTS, ([type, members]) => [
    type,
    members.map(({ name, isOptional }) => `${name}${isOptional ? "?" : ""}`).sort(),
  ]);
  expect(page.length).toBeGreaterThan(0);
  expect(Object.fromEntries(page)).toEqual(Object.fromEntries(code));
});

it("the page of events says of what kind each value is", () => {
  const page = tableUnder("What they have").map(([name, types]) => [codesIn(name)[0], codesIn(types)]);
  const members = [...EVENTS.values()].flat();
  for (const { name, types } of members)
    expect([name, Object.fromEntries(page)[name]]).toEqual([name, types]);
  expect(new Set(page.map(([name]) => name))).toEqual(new Set(members.map(({ name }) => name)));
});

/** One event of each kind, with all that OpenTelemetry is told of it. */
const SAMPLES: { readonly [Type in ConnectEvent["type"]]: Extract<ConnectEvent, { type: Type }> } = {
  "login.started": { type: "login.started", login: "l" },
  "login.redirected": { type: "login.redirected", login: "l", to: "detour", ms: 1 },
  "login.asked": { type: "login.asked", login: "l", ms: 1 },
  "login.completed": { type: "login.completed", login: "l", ms: 1 },
  "login.failed": { type: "login.failed", login: "l", code: "rate_limited", reason: "r", ms: 1 },
  "completion.attempted": {
    type: "completion.attempted",
    login: "l",
    attempt: 1,
    status: 500,
    loss: undefined,
    ms: 1,
  },
  "token.accepted": { type: "token.accepted", cached: true },
  "token.refused": { type: "token.refused", code: "invalid_token", reason: "r" },
  "jwks.refreshed": { type: "jwks.refreshed", keys: 1, ms: 1 },
  "jwks.failed": { type: "jwks.failed", reason: "r", ms: 1 },
  "introspection.answered": { type: "introspection.answered", active: true, ms: 1 },
  "introspection.failed": { type: "introspection.failed", reason: "r", ms: 1 },
  "metadata.refreshed": { type: "metadata.refreshed", ms: 1 },
  "metadata.failed": { type: "metadata.failed", reason: "r", ms: 1 },
  "connections.called": {
    type: "connections.called",
    operation: "list",
    status: 500,
    loss: undefined,
    ms: 1,
  },
};

it("the page of events says what OpenTelemetry is told of each", () => {
  const page = tableUnder("As spans and metrics").map(([event, becomes, shared, traced]) => [
    codesIn(event)[0],
    { becomes, shared: codesIn(shared), traced: codesIn(traced) },
  ]);
  const code = Object.values(SAMPLES).map((event) => {
    const { name, ms, isCall, attributes, details } = toSignal(event);
    const kind = ms === undefined ? "event" : isCall ? "client span" : "span";
    const keys = { shared: Object.keys(attributes), traced: Object.keys(details) };
    return [event.type, { becomes: `${kind} \`${name}\``, ...keys }];
  });
  expect(Object.fromEntries(page)).toEqual(Object.fromEntries(code));
});
