import type { CordonError } from '../../../core/errors.ts';
import type { GatewayAuditConfig } from '../../../core/gateway-audit-config.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { ExchangeContent, ExchangeRecord } from './exchange-record.ts';
import type { ExchangeQuery } from './exchanges.ts';
import type { StoredRecord } from './record-text.ts';
import type { UsageQuery, UsageRow } from './usage-query.ts';

/** Where the journal stands, for metrics. */
export interface AuditState {
  /** Records that were accepted since the start. */
  readonly appended: number;
  /** Records that are in the database and the ledger. */
  readonly stored: number;
  /** Bytes that wait for the database. */
  readonly journalBytes: number;
  /** Records that could not be written under `failure: allow`. */
  readonly lost: number;
  /** Why nothing can be written now. */
  readonly problem: string | null;
}

/** Records of what passes the gateway. */
export interface Audit {
  /** Undefined while records can be written; otherwise what a new request is refused with (`failure: block`). */
  refusal(): CordonError | undefined;
  /**
   * Accepts a record. Settles as `audit.durability` says, in microseconds where that is possible; never waits for the database. Rejects
   * with `gateway.unavailable` when the record cannot be written and `audit.failure` is `block`.
   */
  append(record: ExchangeRecord, content?: ExchangeContent): Promise<void>;
  /** Sums of usage; what happened within the last second may be missing. */
  usage(query: UsageQuery): Promise<readonly UsageRow[]>;
  /** Records, newest first; those of the last second may be missing. */
  exchanges(query: ExchangeQuery): Promise<readonly StoredRecord[]>;
  /** What was said in an exchange. Needs the action `audit` on everything; reading is itself written to the ledger. */
  readContent(reader: Principal, id: string): Promise<ExchangeContent>;
  /** Removes what is older than the configuration says, keys of contents first. The first worker does it by itself. */
  expire(): Promise<void>;
  state(): AuditState;
  /** Takes what can change while running: everything but the place of the journal. */
  reconfigure(config: GatewayAuditConfig): Promise<void>;
  /** Writes everything that was accepted into the database. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
