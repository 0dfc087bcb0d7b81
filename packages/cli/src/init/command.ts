import { type Command, Option } from "commander";
import type { Terminal } from "../terminal.js";
import { detectFramework } from "./detect.js";
import { type Extension, findExtension } from "./extension.js";
import { FRAMEWORKS, type Framework, type FrameworkName } from "./frameworks.js";
import { missingVariables, type Written, writeFiles } from "./init.js";
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
      const extension = findExtension(folder, name);
      const written = writeFiles(folder, name, extension);
      const lines = [...describe(name, written, terminal), ...nextSteps(name, folder, extension, terminal)];
      terminal.print(lines.join("\n"));
    });
}

function describe(name: FrameworkName, written: readonly Written[], { colors }: Terminal): string[] {
  return [
    colors.bold(`Connect for ${FRAMEWORKS[name].title}`),
    ...written.map(({ path, isNew }) =>
      isNew
        ? `  ${colors.green("written")}  ${path}`
        : `  ${colors.yellow("kept   ")}  ${path}, which was there already`,
    ),
  ];
}

const DEVELOPMENT = ["@connect/cli", "@connect/local-authkit", "@connect/testing"];

/** The command that installs what is not asked for yet; none where all is. */
function toInstall(command: string, wanted: readonly string[], there: ReadonlySet<string>): string[] {
  const missing = wanted.filter((name) => !there.has(name));
  return missing.length > 0 ? [`${command} ${missing.join(" ")}`] : [];
}

function nextSteps(
  name: FrameworkName,
  folder: string,
  extension: Extension,
  { colors }: Terminal,
): string[] {
  const { packages, mount, runsTypeScript = false, server }: Framework = FRAMEWORKS[name];
  const { dependencies, type } = readPackageJson(folder);
  const missing = missingVariables(folder);
  const needsRunner =
    extension === ".ts" && !runsTypeScript && !dependencies.has("typescript") && !dependencies.has("tsx");
  const installs = [
    toInstall("npm install", ["@connect/core", ...packages], dependencies),
    toInstall("npm install --save-dev", DEVELOPMENT, dependencies),
  ].flat();
  const steps = [
    ...(installs.length > 0 ? [installs] : []),
    mount.map((line) =>
      extension === ".mjs" ? line.replace("connect-routes.js", "connect-routes.mjs") : line,
    ),
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
