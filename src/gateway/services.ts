import type { GatewayConfig } from '../core/gateway-config.ts';
import type { Logger } from '../core/logger.ts';
import type { ToolPolicy } from '../core/tool-policy.ts';
import type { Audit } from '../engine/gateway/audit/audit.ts';
import type { Batches } from '../engine/gateway/batches/batches.ts';
import type { ResponseCache } from '../engine/gateway/cache/response-cache.ts';
import type { Defence } from '../engine/gateway/defence/defence.ts';
import type { Switches } from '../engine/gateway/defence/switches.ts';
import type { Callers } from '../engine/gateway/keys/callers.ts';
import type { Limits } from '../engine/gateway/limits/limits.ts';
import type { Price } from '../engine/gateway/prices/price.ts';
import type { Telemetry } from '../engine/gateway/telemetry/telemetry.ts';
import type { Unauthenticated } from '../engine/gateway/unauthenticated/unauthenticated.ts';
import type { Upstreams } from '../engine/gateway/upstreams/upstreams.ts';
import type { Objects } from '../engine/gateway/objects/objects.ts';
import type { Owners } from './exchange/owners.ts';
import type { OfferedModels } from './stored/offered-models.ts';
import type { ToolSessions } from './stored/tool-sessions.ts';
import type { FailureLog } from './guarding/failure-log.ts';
import type { Guards } from './guarding/guards.ts';
import type { SharedRoom } from './http/shared-room.ts';
import type { Spools } from './spool/spools.ts';
import type { Sessions } from './exchange/sessions.ts';
import type { McpServices } from './mcp/mcp-services.ts';

/** What models cost. */
export interface PriceList {
  priceOf(upstreamKind: string, model: string): Price | undefined;
}

/** What follows from the configuration, replaced as a whole when it changes. */
export interface GatewayPolicy {
  readonly config: GatewayConfig;
  readonly guards: Guards;
  readonly toolPolicy: ToolPolicy | undefined;
  readonly prices: PriceList;
}

/** What the gateway is composed of. */
export interface GatewayServices {
  /** Asked once for each request: a request ends with the policy that it began with. */
  readonly policy: () => GatewayPolicy;
  readonly callers: Callers;
  readonly switches: Switches;
  readonly defence: Defence;
  readonly limits: Limits;
  readonly unauthenticated: Unauthenticated;
  readonly upstreams: Upstreams;
  readonly offered: OfferedModels;
  readonly cache: ResponseCache;
  readonly audit: Audit;
  readonly telemetry: Telemetry;
  readonly sessions: Sessions;
  readonly owners: Owners;
  readonly toolSessions: ToolSessions;
  readonly objects: Objects;
  /** Where files wait while they are looked at. */
  readonly spools: Spools;
  /** Where bodies are that have begun to come and are held in memory. */
  readonly bodies: SharedRoom;
  readonly batches: Batches;
  readonly mcp: McpServices;
  /** Where it is said that something of the guard failed. */
  readonly failures: FailureLog;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
