import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { connect, fastJwtCached, mapGet } from "../subjects/index.js";
import type { Row, Table } from "../table.js";
import { mintMany } from "../tokens.js";
import { prepare, type Setting } from "./scenario.js";

/** What a remembered token takes. */
export async function memory({ issuer, isQuick }: Setting): Promise<readonly Table[]> {
  const tokens = mintMany(issuer, isQuick ? 50 : 10_000).map((token) => Buffer.from(token, "latin1"));
  const rows: Row[] = [];
  for (const subject of [connect(tokens.length * 2), fastJwtCached(tokens.length * 2), mapGet]) {
    const verify = await prepare(subject, issuer);
    const before = usedAfterCollection();
    for (const token of tokens) await verify(token.toString("latin1"));
    const used = usedAfterCollection() - before;
    // Used once more, so that nothing of it counts as garbage before it was counted.
    await verify(tokens[0]?.toString("latin1") ?? "");
    rows.push({
      subject: subject.name,
      values: { bytes: used / tokens.length, token: tokens[0]?.length ?? 0 },
    });
  }
  return [
    {
      id: "memory",
      title: "Memory for each remembered token",
      note: "The heap after 10,000 tokens were verified and garbage was collected, less what it was before.",
      columns: [
        { key: "bytes", label: "bytes" },
        { key: "token", label: "of which the token's own characters" },
      ],
      rows,
    },
  ];
}

function usedAfterCollection(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
