/** What a scenario measured: a row for each subject. */
export interface Table {
  readonly id: string;
  readonly title: string;
  /** How it was measured, in a sentence or two. */
  readonly note: string;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
}

interface Column {
  readonly key: string;
  readonly label: string;
}

export interface Row {
  readonly subject: string;
  /** By the key of its column. Text says why there is no number. */
  readonly values: Readonly<Record<string, number | string>>;
}
