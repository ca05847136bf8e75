/** A row, or what should be one, that is not as Cordon wrote it. */
export interface RowProblem {
  readonly table: string;
  /** Its key, as people find it. */
  readonly key: string;
  readonly message: string;
}
