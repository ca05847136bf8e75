import type { KeyLimits } from '../../core/gateway-limits-config.ts';
import type { Principal } from '../../identity/permission.ts';

/** Who calls the gateway: proved by a credential, seen from an address. */
export interface Caller {
  readonly principal: Principal;
  /** Id of the virtual key; null for tokens of an identity provider and certificates. */
  readonly key: string | null;
  /** Groups of the principal: what limits and budgets call teams. */
  readonly teams: readonly string[];
  /** Canonical address: IPv4 in IPv6 is IPv4, IPv6 is compressed and lower case. */
  readonly ip: string;
  /** What the key may use by itself. */
  readonly limits?: KeyLimits;
}

/** What a call is made to, as limits, blocks and permissions see it. */
export interface Call {
  readonly caller: Caller;
  /** Route pattern of the protocol, such as `/v1/chat/completions`. */
  readonly route: string;
  /** Name that the client asked for; empty where the route has no model. */
  readonly model: string;
}

/** Tokens of one exchange, as the upstream counted them, or estimated where it did not. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of the input that the upstream had cached. */
  readonly cachedTokens: number;
  /** Part of the input that the upstream put into its cache, which some charge more for. */
  readonly cacheWriteTokens?: number;
  /** Part of those that stays there for an hour, at a price of its own. */
  readonly cacheWriteHourTokens?: number;
  /** Service tier that answered, such as `flex`; undefined: the upstream did not say. */
  readonly tier?: string;
  /** Whether the upstream said so; otherwise estimated from the length of the texts. */
  readonly measured: boolean;
}
