import { blobs } from './0001-blobs.ts';
import { repositories } from './0002-repositories.ts';
import { evidence } from './0003-evidence.ts';
import { identity } from './0004-identity.ts';
import { jobs } from './0005-jobs.ts';
import { principalGroups } from './0006-principal-groups.ts';
import { hub } from './0007-hub.ts';
import { mlflow } from './0008-mlflow.ts';
import { registryEvidence } from './0009-registry-evidence.ts';
import { recalls } from './0010-recalls.ts';
import { xetFiles } from './0011-xet-files.ts';
import { conversions } from './0013-conversions.ts';
import { changes } from './0014-changes.ts';
import { gatewayAccess } from './0015-gateway-access.ts';
import { gatewayAudit } from './0016-gateway-audit.ts';
import { gatewayLimits } from './0017-gateway-limits.ts';
import { namespaceUse } from './0018-namespace-use.ts';
import { tokenOrigin } from './0019-token-origin.ts';
import { mcpPins } from './0020-mcp-pins.ts';
import { gatewayObjects } from './0021-gateway-objects.ts';
import { gatewayUsageByRoute } from './0022-gateway-usage-by-route.ts';
import { gatewayUsageOutcomes } from './0023-gateway-usage-outcomes.ts';
import { gatewayBatches } from './0024-gateway-batches.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in the order in which it is applied. New ones go to the end. */
export const MIGRATIONS: readonly Migration[] = [
  blobs,
  repositories,
  evidence,
  identity,
  jobs,
  principalGroups,
  hub,
  mlflow,
  registryEvidence,
  recalls,
  xetFiles,
  conversions,
  changes,
  gatewayAccess,
  gatewayAudit,
  gatewayLimits,
  namespaceUse,
  tokenOrigin,
  mcpPins,
  gatewayObjects,
  gatewayUsageByRoute,
  gatewayUsageOutcomes,
  gatewayBatches,
];
