/** A batch that a provider works on, charged at its most until its results are counted. */
export interface GatewayBatchDueTable {
  kind: string;
  /** As the provider made it. */
  id: string;
  /** JSON: who, what model, which budgets, how much. */
  detail: string;
  made_at: number;
  /** When the provider is asked next what became of it. */
  next_at: number;
  tries: number;
  /** When it was settled; null: it is not. */
  settled_at: number | null;
}
