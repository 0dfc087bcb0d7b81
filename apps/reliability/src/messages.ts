/** What the application is started with. */
export interface Start {
  readonly type: "start";
  readonly authkitUrl: string;
  readonly apiKey: string;
  /** Whether it asks before a login is completed, and parks logins. */
  readonly isCareful: boolean;
  readonly resumeSecret: string;
}

/** What the application is told. */
export type Order =
  | Start
  /** Moves the clock of its verifier to so many milliseconds after the real time. */
  | { readonly type: "clock"; readonly offset: number }
  | { readonly type: "close" }
  /** To `watch.ts`. */
  | { readonly type: "watch" };

/** What the application says. */
export type Report =
  /** It hears orders now. */
  | { readonly type: "ready" }
  | { readonly type: "listening"; readonly port: number }
  | { readonly type: "clock" }
  | ({ readonly type: "closed" } & Account)
  | ({ readonly type: "watched" } & Watched);

/** What happened in the application, as it knows. */
export interface Account {
  /** Every different error that it was handed, written out in full. */
  readonly errors: readonly string[];
  /** How many it was handed. */
  readonly handed: number;
  /** Errors that reached the framework: none of them was the application's own. */
  readonly thrown: number;
  /** Connections to AuthKit that were refused. */
  readonly refused: number;
}

/** What happened in its process, as only a program beside it sees. */
export interface Watched {
  readonly rejections: number;
  readonly exceptions: number;
  readonly warnings: number;
  /** What keeps the process alive that did not when it started: sockets, timers, servers. */
  readonly handles: readonly string[];
  /** Listeners on the process that were not there when it started. */
  readonly listeners: readonly string[];
}
