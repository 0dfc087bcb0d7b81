import type { LocalAuthKitOptions } from "@connect/local-authkit";
import { Child } from "./child.js";
import type { AuthKit } from "./scene.js";

/** What the process can be asked. */
export type Asked =
  | { readonly type: "start"; readonly options: LocalAuthKitOptions }
  | { readonly type: "read" }
  /** How far its clock is to be ahead of this process's. */
  | { readonly type: "ahead"; readonly milliseconds: number };

/** What its heap holds once garbage is collected. */
export interface Held {
  /** With what V8 has compiled meanwhile. */
  readonly bytes: number;
  /** Functions among them; compiled code is none. */
  readonly objects: number;
}

export type View = Pick<AuthKit, "url" | "issuer" | "apiKey">;

/** A local AuthKit in a process of its own. */
export class AuthKitProcess implements AuthKit {
  readonly url: string;
  readonly issuer: string;
  readonly apiKey: string;
  readonly #child: Child;
  #ahead = 0;

  private constructor(child: Child, { url, issuer, apiKey }: View) {
    this.#child = child;
    this.url = url;
    this.issuer = issuer;
    this.apiKey = apiKey;
  }

  static async start(options: LocalAuthKitOptions): Promise<AuthKitProcess> {
    const child = new Child("authkit", {
      execArgv: ["--expose-gc", "--disable-warning=ExperimentalWarning"],
    });
    const question: Asked = { type: "start", options };
    return new AuthKitProcess(child, (await child.ask(question)) as View);
  }

  /** How far its clock is ahead of this process's, in milliseconds. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Puts its clock forward. */
  async pass(seconds: number): Promise<void> {
    this.#ahead += seconds * 1000;
    await this.#child.ask({ type: "ahead", milliseconds: this.#ahead } satisfies Asked);
  }

  async read(): Promise<Held> {
    return (await this.#child.ask({ type: "read" } satisfies Asked)) as Held;
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}
