/** Bad inputs of one kind. */
export interface Tried {
  tried: number;
  /** Of them, those that were let through although another reading of the rules says that they are bad. */
  accepted: number;
}

/** Counts bad inputs by kind, and the good ones between them, without which a wall would pass for a door. */
export class Tally {
  readonly kinds = new Map<string, Tried>();
  good = 0;
  goodRefused = 0;

  bad(kind: string, isAccepted: boolean): void {
    const found = this.kinds.get(kind) ?? { tried: 0, accepted: 0 };
    this.kinds.set(kind, found);
    found.tried += 1;
    if (isAccepted) found.accepted += 1;
  }

  control(isAccepted: boolean): void {
    this.good += 1;
    if (!isAccepted) this.goodRefused += 1;
  }
}
