/**
 * One step of the schema. Statements are the same text for SQLite and Postgres: `bytetext` for text that sorts by its bytes,
 * `bigint` for numbers. A step that was released is never edited; a change is a new step.
 */
export interface Migration {
  readonly name: string;
  readonly statements: readonly string[];
  /** What each database says in its own way, after the statements. */
  readonly own?: Readonly<Record<'sqlite' | 'postgres', readonly string[]>>;
}
