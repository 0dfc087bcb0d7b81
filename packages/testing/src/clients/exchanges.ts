import { toWord } from "../oauth-values.js";
import { type ClientStep, ConnectAsError, type StepName } from "./step.js";

/** An answer, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The body's members, where it is a JSON object. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** The requests of one client, as steps. */
export class Exchanges {
  readonly steps: ClientStep[] = [];
  readonly #client: string;
  readonly #fetch: typeof fetch;

  constructor(client: string, fetcher: typeof fetch) {
    this.#client = client;
    this.#fetch = fetcher;
  }

  /** Sends a request and reads a JSON answer. Adds the step; `used` is of an answer with the wanted status alone. */
  async send(
    name: StepName,
    url: URL,
    init: RequestInit,
    used: readonly string[],
    isWanted = (status: number) => status >= 200 && status <= 299,
  ): Promise<Answer> {
    const method = init.method ?? "GET";
    const { origin, pathname: path } = url;
    let response: Response;
    try {
      response = await this.#fetch(url, init);
    } catch {
      return this.fail(name, `${method} ${origin}${path} got no answer.`);
    }
    const { status, headers } = response;
    this.steps.push({ name, method, origin, path, status, used: isWanted(status) ? used : [] });
    if (!/\bjson\b/.test(headers.get("content-type") ?? "")) {
      // An event stream has no end to wait for.
      await response.body?.cancel();
      return { status, headers, json: {} };
    }
    const body: unknown = await response.json().catch(() => null);
    return { status, headers, json: typeof body === "object" && body !== null ? { ...body } : {} };
  }

  /** Ends the walk at a step, with a sentence that says what was expected. */
  fail(name: StepName, sentence: string): never {
    throw new ConnectAsError(`${this.#client}, ${name}: ${sentence}`, this.steps);
  }

  /** The last request and its answer in words, for a sentence. */
  last(json: Readonly<Record<string, unknown>> = {}): string {
    const step = this.steps.at(-1);
    if (step === undefined) return "";
    const error = typeof json.error === "string" ? ` and the error ${toWord(json.error)}` : "";
    return `${step.method} ${step.origin}${step.path} answered ${step.status ?? "nothing"}${error}`;
  }
}

export function toTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
