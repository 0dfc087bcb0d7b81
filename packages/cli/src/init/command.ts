import { type Command, Option } from "commander";
import type { Terminal } from "../terminal.js";
import { detectFramework } from "./detect.js";
import { FRAMEWORKS, type FrameworkName } from "./frameworks.js";
import { missingVariables, type Written, writeFiles } from "./init.js";

export function addInit(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .description("write the Login URI, a protected route and .env.example into this folder")
    .addOption(
      new Option("--framework <name>", "default: the one in package.json").choices(Object.keys(FRAMEWORKS)),
    )
    .addHelpText("after", "\nTypeScript. It never writes over a file that is there.")
    .action(({ framework }: { framework?: FrameworkName }) => {
      const folder = process.cwd();
      const name = framework ?? detectFramework(folder);
      const written = writeFiles(folder, name);
      terminal.print([...describe(name, written, terminal), ...nextSteps(name, folder, terminal)].join("\n"));
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

function nextSteps(name: FrameworkName, folder: string, { colors }: Terminal): string[] {
  const { packages, mount } = FRAMEWORKS[name];
  const missing = missingVariables(folder);
  const steps = [
    [
      `npm install ${["@connect/core", ...packages].join(" ")}`,
      "npm install --save-dev @connect/cli @connect/local-authkit",
    ],
    mount,
    ...(missing.length > 0 ? [[`Add to .env.example: ${missing.join(", ")}.`]] : []),
    ["npx connect dev -- npm run dev", "runs it with an AuthKit on this machine."],
    ["npx connect doctor", "looks at a set-up, this one or the real one."],
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
