/** Something of the gateway that is stopped, or whose guard is tightened; kept when it has ended, for what comes after it. */
export interface GatewayStopTable {
  id: string;
  kind: string;
  /** Id, name, address, range or glob. */
  value: string;
  label: string;
  effect: 'block' | 'tighten';
  profile: string | null;
  reason: string;
  /** Name of a principal, or id of a rule. */
  made_by: string;
  automatic: number;
  made_at: number;
  expires_at: number | null;
  /** Set when it was lifted or found expired. */
  ended_at: number | null;
  ended_by: string | null;
  /** Grows with every change of any row, in the order in which changes are committed. */
  version: number;
}

/** How often something changed that processes keep in memory. */
export interface ChangeCounterTable {
  topic: string;
  value: number;
}
