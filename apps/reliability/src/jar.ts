import type { Answer } from "./browser.js";
import type { Secrets } from "./secrets.js";

/** A browser's cookies for one application. */
export class Jar {
  readonly cookies = new Map<string, string>();
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  get header(): string {
    return [...this.cookies].map((pair) => pair.join("=")).join("; ");
  }

  keep({ headers }: Answer): void {
    for (const line of headers["set-cookie"] ?? []) {
      const [name = "", value = ""] = line.split(";", 1)[0]?.split("=", 2) ?? [];
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, this.#secrets.add("resume cookie", value));
    }
  }
}
