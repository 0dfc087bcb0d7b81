/** What a server's process held at a moment at which nothing was asked of it. */
export interface Reading {
  /** The process's memory as the system counts it, in bytes, before garbage was collected. */
  readonly rss: number;
  /** What JavaScript holds, in bytes, after garbage was collected. */
  readonly heap: number;
  /** What it holds outside of the heap, such as buffers. */
  readonly external: number;
  /** CPU time since the process started, in microseconds. */
  readonly cpu: number;
  readonly sockets: number;
  readonly timers: number;
  /** The names of what Node warned of, such as `MaxListenersExceededWarning`. */
  readonly warnings: readonly string[];
}
