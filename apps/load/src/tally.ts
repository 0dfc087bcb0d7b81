import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import { KINDS, type Kind } from "./kinds.js";

/** How long answers took, in milliseconds. */
interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** What came of some requests. */
export interface Counts {
  readonly requests: number;
  /** By kind of request and what went wrong. Empty where all is well. */
  readonly errors: Readonly<Record<string, number>>;
  readonly latency: Readonly<Record<Kind | "all", Latency>>;
  /** How much later than it should a request was sent: what of the latency the load itself is to blame for. */
  readonly lateness: Latency;
}

/** Counts answers, and how long they took from the moment the request was due. */
export class Tally {
  readonly #all = createHistogram();
  readonly #kinds = new Map(KINDS.map((kind) => [kind, createHistogram()]));
  readonly #lateness = createHistogram();
  readonly #errors: Record<string, number> = {};
  #requests = 0;

  /** Times in milliseconds. */
  sent(late: number): void {
    this.#requests += 1;
    record(this.#lateness, late);
  }

  answered(kind: Kind, took: number, fault: string | undefined): void {
    record(this.#all, took);
    const own = this.#kinds.get(kind);
    if (own !== undefined) record(own, took);
    if (fault === undefined) return;
    const name = `${kind}: ${fault}`;
    this.#errors[name] = (this.#errors[name] ?? 0) + 1;
  }

  read(): Counts {
    return {
      requests: this.#requests,
      errors: { ...this.#errors },
      latency: Object.fromEntries(
        [["all", this.#all] as const, ...this.#kinds].map(([kind, histogram]) => [
          kind,
          latencyOf(histogram),
        ]),
      ) as Counts["latency"],
      lateness: latencyOf(this.#lateness),
    };
  }
}

/** Histograms hold whole numbers from 1 on: microseconds. */
function record(histogram: RecordableHistogram, milliseconds: number): void {
  histogram.record(Math.max(1, Math.round(milliseconds * 1_000)));
}

function latencyOf(histogram: RecordableHistogram): Latency {
  return {
    p50: histogram.percentile(50) / 1_000,
    p99: histogram.percentile(99) / 1_000,
    max: histogram.max / 1_000,
  };
}
