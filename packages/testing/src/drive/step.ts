/** Who was asked: by their origins, and `other` for a third party, such as a single sign-on. */
export type Who = "authkit" | "application" | "other";

/** One request of the walk and its answer. */
export interface Step {
  readonly who: Who;
  readonly method: string;
  readonly origin: string;
  /** Without the query; what looks like an id is `:id`. */
  readonly path: string;
  readonly status: number;
}

/** A path that may be printed. */
export function toPath({ pathname }: URL): string {
  return pathname
    .split("/")
    .map((part) => (/^\d+$/.test(part) || (part.length >= 16 && /[\dA-Z_%]/.test(part)) ? ":id" : part))
    .join("/");
}

/** Why the walk ended. The message says where, and what was expected; it holds no id, token or cookie. */
export class DriveError extends Error {
  override readonly name = "DriveError";
  /** The steps up to there. */
  readonly steps: readonly Step[];

  constructor(message: string, steps: readonly Step[]) {
    super(`${describe(steps)}${message}`);
    this.steps = [...steps];
  }
}

function describe(steps: readonly Step[]): string {
  const last = steps.at(-1);
  if (last === undefined) return "";
  return `Step ${steps.length}, ${last.who}: ${last.method} ${last.origin}${last.path} answered ${last.status}. `;
}
