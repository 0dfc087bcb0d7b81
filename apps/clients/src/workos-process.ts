import type { AutoPaginatable, WorkOS } from "@workos-inc/node";
import { Child } from "./child.js";
import { findNode22 } from "./node-22.js";
import type { AuthKit } from "./scene.js";

/** A call of one of the SDK's methods. */
export interface Call {
  readonly module: "connect" | "userManagement";
  readonly method: string;
  readonly args: unknown[];
}

/** A list as it arrives from the process: one page, and what following the pages gave. */
interface Listed<T> {
  readonly data: T[];
  readonly listMetadata: { readonly before?: string | null; readonly after?: string | null };
  readonly all: T[];
}

/** The methods of a part of the SDK, as they can be called from here. */
type Remote<T> = {
  readonly [Name in keyof T]: T[Name] extends (...args: infer Args) => Promise<infer Result>
    ? (...args: Args) => Promise<Result extends AutoPaginatable<infer Item, infer _> ? Listed<Item> : Result>
    : never;
};

/** WorkOS's own SDK for Node. Its errors arrive as plain ones that have its `name`, `status` and `code`. */
export class WorkOsProcess {
  readonly connect: Remote<WorkOS["connect"]>;
  readonly userManagement: Remote<WorkOS["userManagement"]>;
  readonly #child: Child;

  constructor({ url, apiKey }: Pick<AuthKit, "url" | "apiKey">) {
    this.#child = new Child("workos", {
      execPath: findNode22(),
      env: { ...process.env, AUTHKIT_URL: url, WORKOS_API_KEY: apiKey },
    });
    this.connect = this.#remote("connect");
    this.userManagement = this.#remote("userManagement");
  }

  #remote<T>(module: Call["module"]): Remote<T> {
    const get =
      (_target: object, method: string | symbol) =>
      (...args: unknown[]) =>
        this.#child.ask({ module, method: String(method), args } satisfies Call);
    return new Proxy({}, { get }) as Remote<T>;
  }

  close(): Promise<void> {
    return this.#child.close();
  }
}
