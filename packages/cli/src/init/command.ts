import { type Command, Option } from "commander";
import { LOGIN_PATH } from "../login-path.js";
import type { Terminal } from "../terminal.js";
import { detectFramework } from "./detect.js";
import { type Extensions, findExtensions } from "./extension.js";
import { FRAMEWORKS, type Framework, type FrameworkName } from "./frameworks.js";
import { missingVariables, sourceFolder, type Written, writeFiles } from "./init.js";
import { findLostPage, findMiddleware } from "./next-folder.js";
import { readPackageJson } from "./package-json.js";

export function addInit(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .description("write the Login URI, a protected route and what a first token needs into this folder")
    .addOption(
      new Option("--framework <name>", "default: the one in package.json").choices(Object.keys(FRAMEWORKS)),
    )
    .addHelpText(
      "after",
      "\nTypeScript where the application has it, else JavaScript. It never writes over a file that is there.",
    )
    .action(({ framework }: { framework?: FrameworkName }) => {
      const folder = process.cwd();
      const name = framework ?? detectFramework(folder);
      const extensions = findExtensions(folder, name);
      const written = writeFiles(folder, name, extensions);
      const lines = [
        ...describe(name, written, terminal),
        ...nextSteps({ name, folder, extensions, written }, terminal),
      ];
      terminal.print(lines.join("\n"));
    });
}

function describe(name: FrameworkName, written: readonly Written[], { colors }: Terminal): string[] {
  return [
    colors.bold(`Connect for ${FRAMEWORKS[name].title}`),
    ...written.map(({ path, isNew, rival }) => {
      if (isNew) return `  ${colors.green("written")}  ${path}`;
      return rival === undefined
        ? `  ${colors.yellow("kept   ")}  ${path}, which was there already`
        : `  ${colors.yellow("not    ")}  ${path}: ${rival} answers there already`;
    }),
  ];
}

const DEVELOPMENT = ["@connect/cli", "@connect/local-authkit", "@connect/testing"];

/** The command that installs what is not asked for yet; none where all is. */
function toInstall(command: string, wanted: readonly string[], there: ReadonlySet<string>): string[] {
  const missing = wanted.filter((name) => !there.has(name));
  return missing.length > 0 ? [`${command} ${missing.join(" ")}`] : [];
}

interface Outcome {
  readonly name: FrameworkName;
  readonly folder: string;
  readonly extensions: Extensions;
  readonly written: readonly Written[];
}

/** What stands in the way of what was written. */
function obstacles({ name, folder, written: [connect, ...others] }: Outcome): string[][] {
  const source = sourceFolder(folder, name);
  const middleware = name === "next" ? findMiddleware(folder, source) : undefined;
  const lostPage = name === "next" ? findLostPage(folder, source) : undefined;
  return [
    ...(connect?.isNew === false && others.some(({ path, isNew }) => isNew && path.includes("route"))
      ? [[`${connect.path} was there: the routes import login, resource and verifier from it.`]]
      : []),
    ...(others.some(({ rival }) => rival !== undefined)
      ? [
          [
            "Next.js takes no two answers at one path: move those pages, and run init again.",
            "Or put the route elsewhere: for the Login URI, with --login-path and --login-uri.",
          ],
        ]
      : []),
    ...(lostPage === undefined
      ? []
      : [[`Beside an app folder, Next.js shows app/not-found in the place of ${lostPage}: write one.`]]),
    ...(middleware === undefined
      ? []
      : [
          [
            `${middleware}: let ${LOGIN_PATH}, /api/me and /.well-known/ pass, also without a session.`,
            "They see to that themselves, and answer what comes from AuthKit and from clients.",
          ],
        ]),
  ];
}

function nextSteps(outcome: Outcome, { colors }: Terminal): string[] {
  const { name, folder, extensions } = outcome;
  const { packages, mount, runsTypeScript = false, server }: Framework = FRAMEWORKS[name];
  const { dependencies, type } = readPackageJson(folder);
  const missing = missingVariables(folder);
  const needsRunner =
    extensions.written === ".ts" &&
    extensions.imported === ".js" &&
    !runsTypeScript &&
    !dependencies.has("typescript") &&
    !dependencies.has("tsx");
  const installs = [
    toInstall("npm install", ["@connect/core", ...packages], dependencies),
    toInstall("npm install --save-dev", DEVELOPMENT, dependencies),
  ].flat();
  const steps = [
    ...(installs.length > 0 ? [installs] : []),
    ...obstacles(outcome),
    mount.map((line) => line.replace("connect-routes.js", `connect-routes${extensions.imported}`)),
    ...(needsRunner
      ? [["This is TypeScript: run it with tsx (npm install --save-dev tsx), or from a build."]]
      : []),
    ...(name === "next" && type === "commonjs"
      ? [["npm pkg delete type", 'package.json says "commonjs", and Next.js then takes no import.']]
      : []),
    ...(missing.length > 0 ? [[`Add to .env.example: ${missing.join(", ")}.`]] : []),
    [
      "npx connect dev -- npm run dev",
      "runs it with an AuthKit on this machine.",
      ...(server === undefined ? [] : [server]),
    ],
    [
      "In a second terminal, the commands that dev prints:",
      "Doctor looks at this set-up, Token gets a first token, for /api/me, once first-token.mjs has a user of yours.",
    ],
    [
      "npx connect doctor",
      "looks at the real set-up, with its variables in the environment or in .env, which .gitignore should name.",
    ],
  ];
  return [
    "",
    colors.bold("Next"),
    ...steps.flatMap(([first, ...rest], at) => [
      `  ${at + 1}. ${first}`,
      ...rest.map((line) => `     ${line}`),
    ]),
  ];
}
