/** A batch of records that one entry of the ledger commits to. Gone when its records have expired. */
export interface GatewayBatchTable {
  id: string;
  /** Of the entry in the ledger. */
  position: number;
  records: number;
  last_at: number;
}

/** A record of one request through the gateway. */
export interface GatewayExchangeTable {
  batch: string;
  /** Place in the batch, from 0. */
  number: number;
  id: string;
  at: number;
  principal: string;
  outcome: string;
  session: string | null;
  /** Canonical JSON: what is hashed. */
  body: string;
}

/** Redacted texts of an exchange, encrypted. */
export interface GatewayContentTable {
  id: string;
  key: string;
  sealed: Uint8Array;
}

/** A key that contents of one day are encrypted with, itself encrypted by the master key. Destroying it destroys them. */
export interface GatewayContentKeyTable {
  id: string;
  /** UTC, `2026-11-21`. */
  day: string;
  /** Id of the master key. */
  master: string;
  /** base64. */
  wrapped: string;
  created_at: number;
}

/** Sums of usage by hour. Texts are empty where there is nothing. */
export interface GatewayUsageTable {
  /** Epoch milliseconds at which the hour begins. */
  hour: number;
  principal: string;
  key: string;
  /** JSON: sorted names. */
  teams: string;
  model: string;
  upstream: string;
  /** Pattern; empty in rows from before routes were counted. */
  route: string;
  requests: number;
  served: number;
  refused: number;
  limited: number;
  blocked: number;
  /** In rows from before they were counted apart, those refused and aborted as well. */
  failed: number;
  aborted: number;
  input_tokens: number;
  output_tokens: number;
  cached_tokens: number;
  cost_micros: number;
}

/** How far a journal on the disk of a server was taken over: what makes each record count exactly once. */
export interface GatewayJournalTable {
  /** Id of the run that wrote it. */
  run: string;
  /** Highest sequence number that is stored. */
  stored: number;
  updated_at: number;
}
