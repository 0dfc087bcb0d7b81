import type { Terminal } from "../terminal.js";
import type { Chapter } from "./doctor.js";
import type { Finding } from "./finding.js";

const MARKS = { ok: "✓", info: "·", warning: "!", failure: "✗" } as const satisfies Record<
  Finding["status"],
  string
>;

/** The findings as a person reads them. */
export function toText(chapters: readonly Chapter[], { colors, wrap }: Terminal): string {
  const paint = { ok: colors.green, info: colors.dim, warning: colors.yellow, failure: colors.red };
  const lines = chapters.flatMap(({ title, findings }) => [
    "",
    colors.bold(title),
    ...findings.flatMap(({ status, seen, todo }) => [
      `  ${paint[status](MARKS[status])} ${wrap(seen, 4)}`,
      ...(todo === undefined ? [] : [`    ${colors.cyan("→")} ${wrap(todo, 6)}`]),
    ]),
  ]);
  return [...lines, "", summaryOf(chapters)].join("\n");
}

/** The findings as a program reads them. */
export function toJson(chapters: readonly Chapter[]): string {
  const findings = chapters.flatMap((chapter) => chapter.findings);
  return JSON.stringify({ ok: !hasFailure(chapters), findings }, null, 2);
}

export function hasFailure(chapters: readonly Chapter[]): boolean {
  return count(chapters, "failure") > 0;
}

function summaryOf(chapters: readonly Chapter[]): string {
  const failures = count(chapters, "failure");
  const warnings = count(chapters, "warning");
  if (failures + warnings === 0) return "All is well.";
  return [plural(failures, "failure"), plural(warnings, "warning")].filter(Boolean).join(", ");
}

function plural(number: number, word: string): string {
  return number === 0 ? "" : `${number} ${word}${number === 1 ? "" : "s"}`;
}

function count(chapters: readonly Chapter[], status: Finding["status"]): number {
  return chapters.flatMap(({ findings }) => findings).filter((finding) => finding.status === status).length;
}
