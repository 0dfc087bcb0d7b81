/**
 * Where a runtime's or framework's own HTTP, not what an adapter does with it, is another than that of the Node the suite
 * was written on.
 */
export interface Differences {
  /** The statuses that these token attacks get, by their `what`. With 200 among them, its good token is taken as one. */
  readonly attacks?: Readonly<Record<string, readonly number[]>>;
  /** The statuses that these attacks on the handoff get, by their `what`, before any adapter is asked. They may lead away. */
  readonly visits?: Readonly<Record<string, readonly number[]>>;
  /** The statuses that these get at a page that is not the Login URI, where they are others; they stay on the site. */
  readonly strays?: Readonly<Record<string, readonly number[]>>;
  /** Default `without the address`; `with the address` where the framework's own 404 and 400 quote it, its query included. */
  readonly errors?: "without the address" | "with the address";
  /** Default `answered`; `closed` where a second request that does not wait for the first one's answer ends the connection. */
  readonly pipelining?: "answered" | "closed";
}
