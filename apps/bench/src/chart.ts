import { formatNumber } from "./report.js";
import type { Table } from "./table.js";

/** A group of bars: what one column of a table says. */
interface Panel {
  readonly title: string;
  readonly bars: readonly Bar[];
}

interface Bar {
  readonly label: string;
  readonly value: number;
  readonly isOurs: boolean;
}

const CHARTED: readonly { readonly table: string; readonly key: string; readonly title: string }[] = [
  { table: "repeat-one", key: "jose", title: "A token that came before: times as fast as jose" },
  {
    table: "repeat-many",
    key: "jose",
    title: "10,000 tokens in turn, all of which came before: times as fast as jose",
  },
  { table: "first-sight", key: "jose", title: "A token seen for the first time: times as fast as jose" },
  ...["Hono", "Fastify", "Next.js"].map((name) => ({
    table: `http-${name === "Next.js" ? "next" : name.toLowerCase()}`,
    key: "oneOf",
    title: `HTTP through ${name}: requests per CPU second, where a gate that does nothing is 1`,
  })),
];

/** Does no verifying, so a bar would say nothing. */
const LEFT_OUT: ReadonlySet<string> = new Set(["a fresh string"]);

const WIDTH = 860;
const LABELS = 270;
const NUMBERS = 70;
const LINE = 22;
const TITLE = 40;
const GAP = 18;
const MARGIN = 16;

/** Bar charts as an SVG that is readable on light and on dark pages; longer is better in all of them. */
export function renderChart(tables: readonly Table[]): string {
  const panels = CHARTED.flatMap(({ table: id, key, title }) => {
    const table = tables.find((candidate) => candidate.id === id);
    return table === undefined ? [] : [{ title, bars: barsOf(table, key) }];
  });
  let top = MARGIN;
  const parts: string[] = [];
  for (const panel of panels) {
    parts.push(renderPanel(panel, top));
    top += TITLE + panel.bars.length * LINE + GAP;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}" role="img" aria-label="Benchmarks: longer bars are better">
<style>
  svg { color-scheme: light dark; }
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title { font-weight: 600; }
  .bar { fill: #b6bec9; }
  .ours { fill: #3d63dd; }
  .name { font-weight: 600; }
  .page { fill: #ffffff; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6e8eb; }
    .bar { fill: #565f6b; }
    .ours { fill: #7c9bff; }
    .page { fill: #14171b; }
  }
</style>
<rect class="page" width="${WIDTH}" height="${top}" rx="8"/>
${parts.join("\n")}
</svg>
`;
}

function barsOf({ rows }: Table, key: string): readonly Bar[] {
  return rows
    .flatMap(({ subject: label, values }) => {
      const value = values[key];
      if (typeof value !== "number" || LEFT_OUT.has(label)) return [];
      return [{ label, value, isOurs: label.startsWith("connect") }];
    })
    .toSorted((a, b) => b.value - a.value);
}

function renderPanel({ title, bars }: Panel, top: number): string {
  const longest = Math.max(...bars.map(({ value }) => value));
  const room = WIDTH - 2 * MARGIN - LABELS - NUMBERS;
  const lines = bars.map(({ label, value, isOurs }, index) => {
    const middle = top + TITLE + index * LINE + LINE / 2;
    const length = Math.max(1, (value / longest) * room);
    const left = MARGIN + LABELS;
    return [
      `<text${isOurs ? ' class="name"' : ""} x="${left - 10}" y="${middle + 4}" text-anchor="end">${escapeText(label)}</text>`,
      `<rect class="${isOurs ? "bar ours" : "bar"}" x="${left}" y="${middle - 7}" width="${length.toFixed(1)}" height="14" rx="2"/>`,
      `<text x="${(left + length + 8).toFixed(1)}" y="${middle + 4}">${formatNumber(value)}</text>`,
    ].join("");
  });
  return [`<text class="title" x="${MARGIN}" y="${top + 22}">${escapeText(title)}</text>`, ...lines].join(
    "\n",
  );
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
