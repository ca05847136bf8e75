/** Work that survives a crash: claimed by lease, retried, dead after too many attempts. */
export interface JobTable {
  id: string;
  kind: string;
  /** A second job with the same key is the same job. */
  key: string | null;
  /** JSON. */
  payload: string;
  state: 'ready' | 'running' | 'done' | 'dead';
  attempts: number;
  run_at: number;
  lease_until: number | null;
  error: string | null;
  created_at: number;
}

/** One row with a number that grows with every change of who may do what and what is served. */
export interface ChangeTable {
  id: number;
  value: number;
}

/** Where promotions, recalls and blocks are announced. */
export interface WebhookTable {
  id: string;
  url: string;
  /** Reference to the signing secret, never the secret. */
  secret_ref: string;
  /** JSON: kinds of events; empty: all. */
  events: string;
  created_by: string;
  created_at: number;
  disabled_at: number | null;
}
