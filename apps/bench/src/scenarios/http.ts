import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import autocannon from "autocannon";
import { median } from "../alternation.js";
import { CONNECT, GATES, NOTHING } from "../gates.js";
import type { Signer } from "../issuer.js";
import type { ServerOrder } from "../server.js";
import type { Row, Table } from "../table.js";
import { mintMany } from "../tokens.js";
import { HOME } from "../versions.js";
import type { Setting } from "./scenario.js";

const TITLES: Readonly<Record<string, string>> = {
  hono: "Through Hono (node-server)",
  fastify: "Through Fastify",
  next: "Through a Next.js route handler",
};

const NOTES: Readonly<Record<string, string>> = {
  hono: "The first row is middleware that calls what comes next.",
  fastify: "The first row is an onRequest hook that is done at once.",
  next: "Handlers get their NextRequest from node-server: a whole `next start` costs so much that gates hardly differ. The first row is the handler alone. Next.js has no package of its own for this; jose is what its guide uses.",
};

const CONNECTIONS = 25;

/** Requests before any counts, until V8 has compiled what runs often; and in each turn. */
interface Amounts {
  readonly warmUp: number;
  readonly turn: number;
}

interface Load {
  readonly fast: Amounts;
  /** For gates that verify each token anew and so take ten times as long. */
  readonly slow: Amounts;
  readonly rounds: number;
  readonly launches: number;
}

const FULL: Load = {
  fast: { warmUp: 9_000, turn: 4_000 },
  slow: { warmUp: 1_000, turn: 400 },
  rounds: 2,
  launches: 5,
};
const QUICK: Load = {
  fast: { warmUp: 25, turn: 25 },
  slow: { warmUp: 25, turn: 25 },
  rounds: 1,
  launches: 1,
};

/** What a gate costs a server: requests for each second of its CPU time, over keep-alive connections. */
export async function http({ issuer, isQuick, onProgress }: Setting): Promise<readonly Table[]> {
  const load = isQuick ? QUICK : FULL;
  const many = mintMany(issuer, isQuick ? 50 : 1_000);
  const tokens = { one: many.slice(0, 1), many };
  const measurements = new Map(
    Object.keys(GATES).map((framework) => [framework, new Measurement(framework)]),
  );
  for (let launch = 0; launch < load.launches; launch += 1)
    for (const measurement of measurements.values()) {
      await measurement.launch(issuer, tokens, load);
      onProgress();
    }
  return [...measurements].map(([framework, measurement]) => ({
    id: `http-${framework}`,
    title: TITLES[framework] ?? framework,
    note: `Requests for each second of the server's CPU time, ${CONNECTIONS} keep-alive connections, ${load.launches} launches of each server that take turns. ${NOTES[framework]}`,
    columns: [
      { key: "one", label: "1 token, requests per CPU s" },
      { key: "oneOf", label: "of the first row" },
      { key: "many", label: "1,000 tokens, requests per CPU s" },
      { key: "manyOf", label: "of the first row" },
    ],
    rows: measurement.rows(),
  }));
}

interface Tokens {
  readonly one: readonly string[];
  readonly many: readonly string[];
}

/** Requests per second of CPU time, in the order of the rounds. */
interface Speeds {
  readonly one: number[];
  readonly many: number[];
}

class Measurement {
  readonly #framework: string;
  readonly #speeds: ReadonlyMap<string, Speeds>;

  constructor(framework: string) {
    this.#framework = framework;
    this.#speeds = new Map(Object.keys(GATES[framework] ?? {}).map((gate) => [gate, { one: [], many: [] }]));
  }

  /** Starts each server once, and lets them take turns. */
  async launch(issuer: Signer, tokens: Tokens, load: Load): Promise<void> {
    const servers: Server[] = [];
    try {
      for (const gate of this.#speeds.keys()) {
        const server = await Server.start({ framework: this.#framework, gate, issuer: issuer.view });
        servers.push(server);
        await server.admit(issuer, tokens.many);
        const { warmUp } = amountsOf(gate, load);
        await server.serve(tokens.one, warmUp);
        await server.serve(tokens.many, warmUp);
      }
      for (let round = 0; round < load.rounds; round += 1) {
        for (const kind of ["one", "many"] as const) {
          const first = round % servers.length;
          for (const server of [...servers.slice(first), ...servers.slice(0, first)]) {
            const speed = await server.serve(tokens[kind], amountsOf(server.gate, load).turn);
            this.#speeds.get(server.gate)?.[kind].push(speed);
          }
        }
      }
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }

  rows(): readonly Row[] {
    const reference = this.#speeds.get(NOTHING);
    return [...this.#speeds].map(([subject, { one, many }]) => ({
      subject,
      values: {
        one: median(one),
        oneOf: partOf(one, reference?.one),
        many: median(many),
        manyOf: partOf(many, reference?.many),
      },
    }));
  }
}

function amountsOf(gate: string, { fast, slow }: Load): Amounts {
  return gate === NOTHING || gate === CONNECT ? fast : slow;
}

function partOf(speeds: readonly number[], reference: readonly number[] = []): number {
  return median(speeds.map((speed, round) => speed / (reference[round] ?? Number.NaN)));
}

class Server {
  readonly gate: string;
  readonly #process: ChildProcess;
  readonly #url: string;

  private constructor(gate: string, process: ChildProcess, port: number) {
    this.gate = gate;
    this.#process = process;
    this.#url = `http://127.0.0.1:${port}/`;
  }

  static async start(order: ServerOrder): Promise<Server> {
    const child = fork(join(HOME, "dist/server.js"), { stdio: "inherit" });
    child.send(order);
    return new Server(order.gate, child, await answerOf(child));
  }

  /**
   * Sees to it that good tokens pass and, where there is something before the route, others don't. It uses the tokens
   * of the measurement: by default, Connect remembers as many as these are, and no more.
   */
  async admit(issuer: Signer, [good = "", other = ""]: readonly string[]): Promise<void> {
    if ((await this.#ask(good)) !== 200) throw new Error(`${this.gate} refuses a good token`);
    if (this.gate === NOTHING) return;
    const bad = {
      "no token": undefined,
      "a signature of another token":
        good.slice(0, good.lastIndexOf(".")) + other.slice(other.lastIndexOf(".")),
      "an expired token": issuer.mint({ claims: { iat: 1, exp: 2 } }),
      "another issuer": issuer.mint({ claims: { iss: "https://other.authkit.app" } }),
      "another audience": issuer.mint({ claims: { aud: "https://other.example.com" } }),
    };
    for (const [kind, token] of Object.entries(bad))
      if ((await this.#ask(token)) === 200) throw new Error(`${this.gate} accepts ${kind}`);
  }

  /** Requests for each second of CPU time. */
  async serve(tokens: readonly string[], amount: number): Promise<number> {
    const before = await this.#cpu();
    let client = 0;
    const result = await autocannon({
      url: this.#url,
      connections: CONNECTIONS,
      amount,
      // How often it looks whether all is done, in milliseconds.
      sampleInt: 20,
      setupClient: (connection) => {
        // Each connection belongs to some of the users.
        const own = tokens.filter(
          (_, index) => index % CONNECTIONS === client % Math.min(CONNECTIONS, tokens.length),
        );
        client += 1;
        connection.setRequests(
          own.map((token) => ({ method: "GET", headers: { authorization: `Bearer ${token}` } })),
        );
      },
    });
    if (result["2xx"] !== amount) throw new Error(`${this.gate} refused or lost requests`);
    return (amount / ((await this.#cpu()) - before)) * 1_000_000;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exit = once(this.#process, "exit");
    this.#process.disconnect();
    await exit;
  }

  async #ask(token: string | undefined): Promise<number> {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await fetch(this.#url, { headers });
    await response.text();
    return response.status;
  }

  #cpu(): Promise<number> {
    this.#process.send("cpu");
    return answerOf(this.#process);
  }
}

async function answerOf(child: ChildProcess): Promise<number> {
  const aborting = new AbortController();
  const { signal } = aborting;
  try {
    return await Promise.race([
      once(child, "message", { signal }).then(([answer]) => Number(answer)),
      once(child, "exit", { signal }).then(() => {
        throw new Error("the server ended");
      }),
    ]);
  } finally {
    aborting.abort();
  }
}
