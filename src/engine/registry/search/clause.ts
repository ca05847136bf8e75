/** What a clause is about. */
export type Subject = 'attribute' | 'tag' | 'param' | 'metric' | 'dataset';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** One condition of a search; all of them have to hold. */
export type Clause = { readonly on: Subject; readonly key: string } & (
  | { readonly operator: Comparison; readonly value: string | number }
  | { readonly operator: 'like' | 'ilike'; readonly value: string }
  | { readonly operator: 'in' | 'not in'; readonly values: readonly string[] }
  | { readonly operator: 'is null' | 'is not null' }
);

/** What results are sorted by. */
export interface Ordering {
  readonly on: Exclude<Subject, 'dataset'>;
  readonly key: string;
  readonly isDescending: boolean;
}
