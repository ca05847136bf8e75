/** A counter of the limits: what was taken of it and who holds how much. */
export interface GatewayPoolTable {
  /** Rule, measure, period and value. */
  id: string;
  kind: 'window' | 'slots' | 'budget';
  /** JSON. */
  state: string;
  updated_at: number;
  /** From when it can be forgotten. */
  expires_at: number | null;
}

/** A process of the gateway that was heard of lately. */
export interface GatewayReplicaTable {
  id: string;
  seen_at: number;
}
