import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";

import { SWITCHES } from "../src/switches.js";

const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8");
const code = (text: string) => `\`${text}\``;

const ALL = Object.entries(SWITCHES).map(([name, { question, about, values }]) => ({
  name,
  question,
  about,
  values: values as readonly string[],
}));

async function rowsOfDocumentation(): Promise<{ question: string; option: string }[]> {
  const page = await read("../../../docs/authkit.md");
  const section = page.split("## What the local AuthKit chose")[1]?.split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => {
      const [, question = "", , option = ""] = line.split("|").map((cell) => cell.trim());
      return { question, option };
    });
}

it("each switch is documented under its number, with its values, and nothing else is a switch", async () => {
  const documented = (await rowsOfDocumentation()).flatMap(({ question, option }) => {
    const [, name = "", values = ""] = /^`(\w+)`: ((?:`[^`]+`(?:, )?)+)/.exec(option) ?? [];
    return name ? [{ question: question.split(" ")[0], name, values: values.match(/[\w-]+/g) }] : [];
  });
  const byName = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1);
  expect(documented.sort(byName)).toEqual(
    ALL.map(({ question, name, values }) => ({ question, name, values })).sort(byName),
  );
});

it("each question is answered in the documentation, D-n in the order of the switches", async () => {
  const numbers = new Set(
    (await rowsOfDocumentation()).flatMap(({ question }) => /^[SD]-\d+/.exec(question) ?? []),
  );
  const asked = [
    ...Array.from({ length: 34 }, (_, index) => `S-${index + 1}`),
    ...ALL.map(({ question }) => question).filter((question) => question.startsWith("D-")),
  ];
  expect([...numbers].sort()).toEqual(asked.sort());
  const differing = ALL.filter(({ question }) => question.startsWith("D-"));
  expect(differing.map(({ question }) => question)).toEqual(differing.map((_, index) => `D-${index + 1}`));
});

it("the README lists the switches as they are", async () => {
  const table = [
    "| switch | what it decides | values, the default first | question |",
    "|---|---|---|---|",
    ...ALL.map(
      ({ name, about, values, question }) =>
        `| ${code(name)} | ${about} | ${values.map(code).join(", ")} | ${question} |`,
    ),
  ];
  expect(await read("../README.md")).toContain(`\n${table.join("\n")}\n\n`);
});

it("each switch is tested in all of its values", async () => {
  const files = (await readdir(new URL(".", import.meta.url))).filter((file) => file.startsWith("contract-"));
  const tested = new Set<string | undefined>();
  for (const file of files) {
    for (const [, name] of (await read(file)).matchAll(/\bcontract(?:<[^(]*>)?\(\s*"(\w+)"/g))
      tested.add(name);
  }
  // What users with organizations see is tested with the organizations.
  const names = ALL.map(({ name }) => name).filter((name) => name !== "organizationPicker");
  expect([...tested].sort()).toEqual(names.sort());
});
