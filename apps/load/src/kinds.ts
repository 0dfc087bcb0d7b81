/** What a request can be: all the traffic there is, in percent. */
export const SHARES = {
  /** An access token that this process was shown before. */
  repeat: 70,
  /** An access token that was never used. */
  new: 13,
  /** A token that must be refused. */
  garbage: 10,
  /** The protected resource's metadata. */
  metadata: 5,
  /** A browser with a session at the Login URI; the login is completed with AuthKit. */
  login: 2,
} as const;

export type Kind = keyof typeof SHARES;

export const KINDS = Object.keys(SHARES) as readonly Kind[];

/** A hundred requests, each kind spread over them as evenly as its share allows. */
export const DECK: readonly Kind[] = KINDS.flatMap((kind) =>
  Array.from({ length: SHARES[kind] }, (_, index) => ({ kind, place: (index + 0.5) / SHARES[kind] })),
)
  .toSorted((a, b) => a.place - b.place)
  .map(({ kind }) => kind);
