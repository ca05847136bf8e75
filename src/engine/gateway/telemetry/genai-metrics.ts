import type { ExchangeRecord } from '../audit/exchange-record.ts';
import {
  DURATION_BUCKETS,
  FIRST_TOKEN_BUCKETS,
  type GenAiNames,
  operationName,
  PER_TOKEN_BUCKETS,
  providerName,
  TOKEN_BUCKETS,
} from './genai-conventions.ts';
import { BoundedLabel, Family, type MetricData } from './metrics.ts';

/** The metrics of the GenAI conventions, for OTLP: those of a client of the upstream, and those of a server to its own clients. */
export class GenAiMetrics {
  readonly #names: GenAiNames;
  readonly #models: BoundedLabel;
  readonly #tokens: Family;
  readonly #operation: Family;
  readonly #firstChunk: Family | undefined;
  readonly #server: Family;
  readonly #firstToken: Family;
  readonly #perToken: Family;

  constructor(names: GenAiNames, maxLabelValues: number) {
    const { metrics } = names;
    const labels = [names.operation, names.provider, names.requestModel, names.responseModel];
    const seconds = (name: string, help: string, buckets: readonly number[]): Family =>
      new Family({ name, help, type: 'histogram', labels: [...labels, 'error.type'], buckets });
    this.#names = names;
    this.#models = new BoundedLabel(maxLabelValues);
    this.#tokens = new Family({
      name: metrics.tokens.name,
      help: 'Tokens of an operation.',
      type: metrics.tokens.type,
      labels: [...labels, names.tokenType],
      ...(metrics.tokens.type === 'histogram' && { buckets: TOKEN_BUCKETS }),
    });
    this.#operation = seconds(metrics.operationDuration, 'Duration of an operation at the upstream.', DURATION_BUCKETS);
    if (metrics.clientTimeToFirstChunk !== null)
      this.#firstChunk = seconds(metrics.clientTimeToFirstChunk, 'Time to the first chunk of a stream.', DURATION_BUCKETS);
    this.#server = seconds(metrics.serverDuration, 'Duration of a request to the gateway.', DURATION_BUCKETS);
    this.#firstToken = seconds(metrics.timeToFirstToken, 'Time to the first token of an answer.', FIRST_TOKEN_BUCKETS);
    this.#perToken = seconds(metrics.timePerOutputToken, 'Time of each token after the first.', PER_TOKEN_BUCKETS);
  }

  /** `kind`: of the upstream that answered. */
  observe(record: ExchangeRecord, kind: string | undefined): void {
    const operation = operationName(record.route);
    if (operation === undefined || kind === undefined || record.upstream === null) return;
    const { latency, usage, stream } = record;
    const model = this.#models.of(record.upstreamModel ?? '');
    const labels = [operation, providerName(kind, this.#names), model, model];
    const timed = [...labels, errorType(record) ?? ''];
    if (usage !== null) {
      this.#count([...labels, 'input'], usage.inputTokens);
      this.#count([...labels, 'output'], usage.outputTokens);
    }
    if (latency.upstream !== null) this.#operation.observe(timed, latency.upstream / 1_000);
    this.#server.observe(timed, latency.total / 1_000);
    if (!stream || latency.firstByte === null) return;
    this.#firstToken.observe(timed, latency.firstByte / 1_000);
    this.#firstChunk?.observe(timed, latency.firstByte / 1_000);
    const after = (usage?.outputTokens ?? 0) - 1;
    if (after > 0) this.#perToken.observe(timed, (latency.total - latency.firstByte) / 1_000 / after);
  }

  data(): readonly MetricData[] {
    const families = [this.#tokens, this.#operation, this.#server, this.#firstToken, this.#perToken];
    return [...families, ...(this.#firstChunk === undefined ? [] : [this.#firstChunk])].map((family) => family.data());
  }

  #count(labels: readonly string[], tokens: number): void {
    if (this.#tokens.metric.type === 'histogram') this.#tokens.observe(labels, tokens);
    else this.#tokens.add(labels, tokens);
  }
}

/** What the conventions call `error.type`; undefined when there was none. Never free text: it is a label. */
export function errorType({ outcome, status }: ExchangeRecord): string | undefined {
  if (outcome === 'served') return undefined;
  return outcome === 'failed' ? `${status}` : outcome;
}
