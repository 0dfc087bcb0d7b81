import type { Command } from "commander";
import { type Environment, readEnvironment } from "../environment.js";
import { CommandFailure } from "../failure.js";
import type { Terminal } from "../terminal.js";
import { type Expectation, type Explanation, explain } from "./explain.js";
import { type Inspection, inspect } from "./inspect.js";
import { peek } from "./peek.js";
import { readToken } from "./read-token.js";

interface ExplainOptions {
  readonly issuer?: string;
  readonly audience?: string;
  readonly scope?: string[];
  readonly userId?: string;
  readonly jwksUrl?: string;
  readonly json?: boolean;
}

export function addToken(program: Command, terminal: Terminal): void {
  const token = program.command("token").description("look into an access token; no value in it is printed");

  token
    .command("inspect")
    .description("names of claims, kind and times; nothing is verified")
    .argument("[token]", "better on stdin: arguments stay in the shell's history")
    .option("--json", "for programs")
    .action(async (argument: string | undefined, { json }: { json?: boolean }) => {
      const parts = peek(await readToken(argument));
      if (parts === undefined)
        throw new CommandFailure("That is no JWT: three parts of base64url with JSON inside.", 1);
      const inspection = inspect(parts, Date.now() / 1000);
      terminal.print(json ? JSON.stringify(inspection, null, 2) : describeInspection(inspection, terminal));
    });

  token
    .command("explain")
    .description("verify it as your API does, and say which check fails")
    .argument("[token]", "better on stdin: arguments stay in the shell's history")
    .option("--issuer <url>", "your AuthKit domain (AUTHKIT_URL)")
    .option("--audience <text>", "what it must be made for (CONNECT_AUDIENCE)")
    .option("--scope <scope...>", "scopes that it must have")
    .option("--user-id <claim>", "the claim that must hold your own id of the user")
    .option("--jwks-url <url>", "where the keys are, default <issuer>/oauth2/jwks")
    .option("--json", "for programs")
    .addHelpText("after", "\nEnds with 1 where the token is refused.")
    .action(async (argument: string | undefined, options: ExplainOptions) => {
      const expectation = readExpectation(options, readEnvironment(process.cwd()));
      const given = await readToken(argument);
      terminal.progress("Asking for the keys ...");
      const explanation = await explain(given, expectation);
      const parts = peek(given);
      const inspection = parts && inspect(parts, Date.now() / 1000);
      terminal.print(
        options.json
          ? JSON.stringify({ ...explanation, token: inspection ?? null }, null, 2)
          : [
              ...(inspection ? [describeInspection(inspection, terminal), ""] : []),
              describeExplanation(explanation, terminal),
            ].join("\n"),
      );
      if (!explanation.accepted) process.exitCode = 1;
    });
}

function readExpectation(
  options: ExplainOptions,
  { AUTHKIT_URL, CONNECT_AUDIENCE }: Environment,
): Expectation {
  // The option takes all that follows, and what it takes is shown.
  if (options.scope?.some((scope) => peek(scope) !== undefined))
    throw new CommandFailure("--scope takes all that follows it: put the token before it, or on stdin.");
  const issuer = options.issuer ?? AUTHKIT_URL;
  const audience = options.audience ?? CONNECT_AUDIENCE;
  if (issuer === undefined)
    throw new CommandFailure("Say whose tokens you take: --issuer <url>, or AUTHKIT_URL.");
  if (audience === undefined)
    throw new CommandFailure("Say what tokens must be made for: --audience <text>, or CONNECT_AUDIENCE.");
  return { issuer, audience, scopes: options.scope ?? [], userId: options.userId, jwksUrl: options.jwksUrl };
}

function describeInspection(
  { algorithm, kind, header, claims, times }: Inspection,
  { colors, wrap }: Terminal,
): string {
  const rows = [
    ["Looks like", kind],
    ["Algorithm", algorithm],
    ["Header", header.map(printable).join(" ")],
    ["Claims", claims.map(printable).join(" ")],
    ...Object.entries(times),
  ];
  return rows
    .map(([name = "", value = ""]) => `${colors.bold(name.padEnd(12))}${wrap(value, 12)}`)
    .join("\n");
}

/** A name may be anything, and should not be able to draw on the terminal. */
function printable(name: string): string {
  return name.replace(/[^\x21-\x7e]/g, "?").slice(0, 64);
}

function describeExplanation({ accepted, checks, todo }: Explanation, { colors, wrap }: Terminal): string {
  const lines = checks.map(
    ({ what, passed }) => `  ${passed ? colors.green("✓") : colors.red("✗")} ${wrap(what, 4)}`,
  );
  return [
    ...lines,
    ...(todo === undefined ? [] : [`    ${colors.cyan("→")} ${wrap(todo, 6)}`]),
    "",
    accepted ? colors.green("Accepted.") : colors.red("Refused."),
  ].join("\n");
}
