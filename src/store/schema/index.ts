import type { AssessmentTable, BlobLeaseTable, BlobRemovalTable, BlobTable, UploadTable } from './blobs.ts';
import type {
  ApprovalTable,
  AttestationTable,
  AttestationUseTable,
  CheckpointTable,
  DecisionTable,
  LedgerNodeTable,
  LedgerTable,
  LineageTable,
  RegistryWaiverTable,
} from './evidence.ts';
import type { ChangeCounterTable, GatewayStopTable } from './gateway-stops.ts';
import type {
  GatewayBatchTable,
  GatewayContentKeyTable,
  GatewayContentTable,
  GatewayExchangeTable,
  GatewayJournalTable,
  GatewayUsageTable,
} from './gateway-audit.ts';
import type { GatewayMcpPinTable, GatewayMcpServerTable } from './gateway-mcp.ts';
import type { GatewayBatchDueTable } from './gateway-batches.ts';
import type { GatewayObjectTable } from './gateway-objects.ts';
import type { GatewayPoolTable, GatewayReplicaTable } from './gateway-limits.ts';
import type { PullRequestEventTable, UpstreamRefTable, UpstreamRevisionTable, XetFileTable, XetTermTable, XetXorbTable } from './hub.ts';
import type { PrincipalTable, RoleBindingTable, SessionTable, TokenTable } from './identity.ts';
import type { ChangeTable, JobTable, WebhookTable } from './jobs.ts';
import type {
  MlflowArtifactTable,
  MlflowExperimentTable,
  MlflowInputTable,
  MlflowLatestMetricTable,
  MlflowLoggedModelTable,
  MlflowMetricTable,
  MlflowParamTable,
  MlflowRunTable,
  MlflowTagTable,
  ModelAliasTable,
  ModelNoteTable,
  ModelTagTable,
} from './mlflow.ts';
import type { NamespaceContentTable, NamespaceUseTable } from './quotas.ts';
import type {
  AdmissionTable,
  ContentRecallTable,
  ConversionTable,
  ManifestEntryTable,
  ManifestTable,
  PullRequestTable,
  PullTable,
  RecallTable,
  RefTable,
  RepositoryTable,
  RevisionTable,
  VersionTable,
} from './repositories.ts';

/**
 * Every table. Portable SQL by discipline: ids are text made by the application, times are epoch milliseconds, booleans are 0
 * or 1, JSON is text, and whatever is filtered by is a column.
 */
export interface Schema {
  blob: BlobTable;
  blob_lease: BlobLeaseTable;
  blob_removal: BlobRemovalTable;
  upload: UploadTable;
  assessment: AssessmentTable;
  xet_xorb: XetXorbTable;
  xet_file: XetFileTable;
  xet_term: XetTermTable;
  repository: RepositoryTable;
  manifest: ManifestTable;
  manifest_entry: ManifestEntryTable;
  revision: RevisionTable;
  ref: RefTable;
  pull_request: PullRequestTable;
  pull_request_event: PullRequestEventTable;
  admission: AdmissionTable;
  version: VersionTable;
  pull: PullTable;
  recall: RecallTable;
  content_recall: ContentRecallTable;
  conversion: ConversionTable;
  upstream_revision: UpstreamRevisionTable;
  upstream_ref: UpstreamRefTable;
  decision: DecisionTable;
  approval: ApprovalTable;
  registry_waiver: RegistryWaiverTable;
  attestation: AttestationTable;
  attestation_use: AttestationUseTable;
  lineage: LineageTable;
  ledger: LedgerTable;
  ledger_node: LedgerNodeTable;
  checkpoint: CheckpointTable;
  principal: PrincipalTable;
  role_binding: RoleBindingTable;
  token: TokenTable;
  session: SessionTable;
  change_counter: ChangeCounterTable;
  gateway_stop: GatewayStopTable;
  change: ChangeTable;
  gateway_batch: GatewayBatchTable;
  gateway_exchange: GatewayExchangeTable;
  gateway_content: GatewayContentTable;
  gateway_content_key: GatewayContentKeyTable;
  gateway_usage: GatewayUsageTable;
  gateway_journal: GatewayJournalTable;
  namespace_use: NamespaceUseTable;
  namespace_content: NamespaceContentTable;
  job: JobTable;
  webhook: WebhookTable;
  gateway_pool: GatewayPoolTable;
  gateway_replica: GatewayReplicaTable;
  gateway_batch_due: GatewayBatchDueTable;
  gateway_object: GatewayObjectTable;
  gateway_mcp_pin: GatewayMcpPinTable;
  gateway_mcp_server: GatewayMcpServerTable;
  mlflow_experiment: MlflowExperimentTable;
  mlflow_run: MlflowRunTable;
  mlflow_logged_model: MlflowLoggedModelTable;
  mlflow_tag: MlflowTagTable;
  mlflow_param: MlflowParamTable;
  mlflow_metric: MlflowMetricTable;
  mlflow_latest_metric: MlflowLatestMetricTable;
  mlflow_input: MlflowInputTable;
  mlflow_artifact: MlflowArtifactTable;
  model_note: ModelNoteTable;
  model_tag: ModelTagTable;
  model_alias: ModelAliasTable;
}
