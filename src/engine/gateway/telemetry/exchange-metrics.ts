import { BATCH_SETTLED, type ExchangeDecision, type ExchangeRecord } from '../audit/exchange-record.ts';
import { DURATION_BUCKETS, FIRST_TOKEN_BUCKETS } from './genai-conventions.ts';
import { BoundedLabel, Family, type Metric, type MetricData, observe, type Series } from './metrics.ts';

const SECONDS = [0.001, 0.0025, 0.005, ...DURATION_BUCKETS];
const OVERHEAD_SECONDS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

const REQUESTS: Metric = {
  name: 'cordon_gateway_requests_total',
  help: 'Requests by what became of them.',
  type: 'counter',
  labels: ['route', 'protocol', 'upstream', 'model', 'outcome', 'status'],
};
const DURATION: Metric = {
  name: 'cordon_gateway_request_duration_seconds',
  help: 'From the request to the end of the answer.',
  type: 'histogram',
  labels: ['route', 'upstream', 'model', 'stream'],
  buckets: SECONDS,
};
const FIRST_BYTE: Metric = {
  name: 'cordon_gateway_time_to_first_byte_seconds',
  help: 'From the request to the first byte of the answer.',
  type: 'histogram',
  labels: ['route', 'upstream', 'model', 'stream'],
  buckets: FIRST_TOKEN_BUCKETS,
};
const OVERHEAD: Metric = {
  name: 'cordon_gateway_overhead_seconds',
  help: 'What the gateway itself took: the whole time without that of the upstream.',
  type: 'histogram',
  labels: ['route'],
  buckets: OVERHEAD_SECONDS,
};
const TOKENS: Metric = {
  name: 'cordon_gateway_tokens_total',
  help: 'Tokens by kind: input, output, and the part of the input that the upstream had cached.',
  type: 'counter',
  labels: ['upstream', 'model', 'kind'],
};
const COST: Metric = {
  name: 'cordon_gateway_cost_dollars_total',
  help: 'Cost by the price list, in US dollars.',
  type: 'counter',
  labels: ['upstream', 'model'],
};
const DECISIONS: Metric = {
  name: 'cordon_gateway_guard_decisions_total',
  help: 'Decisions of the guard.',
  type: 'counter',
  labels: ['route', 'direction', 'effect'],
};
const RULES: Metric = {
  name: 'cordon_gateway_guard_rules_total',
  help: 'Exchanges in which a rule of the guard fired.',
  type: 'counter',
  labels: ['direction', 'rule'],
};
const REFUSALS: Metric = {
  name: 'cordon_gateway_refusals_total',
  help: 'Requests that were not served, by the reason: a rule of limits, or a code.',
  type: 'counter',
  labels: ['outcome', 'reason'],
};
const RETRIES: Metric = {
  name: 'cordon_gateway_retries_total',
  help: 'Attempts at an upstream beyond the first of a request.',
  type: 'counter',
  labels: ['upstream'],
};

/** Series that exchanges of one kind share. Why kept: looking each of them up costs more than adding to all. */
interface Shared {
  readonly requests: Series;
  readonly duration: Series;
  readonly firstByte: Series;
  readonly overhead: Series;
  readonly input: Series;
  readonly output: Series;
  readonly cached: Series;
  readonly cost: Series;
}

const SHARED_AT_MOST = 4_000;

/** Counts exchanges. Labels are bounded, and none names a person or a key. */
export class ExchangeMetrics {
  readonly #requests = new Family(REQUESTS);
  readonly #duration = new Family(DURATION);
  readonly #firstByte = new Family(FIRST_BYTE);
  readonly #overhead = new Family(OVERHEAD);
  readonly #tokens = new Family(TOKENS);
  readonly #cost = new Family(COST);
  readonly #decisions = new Family(DECISIONS);
  readonly #rules = new Family(RULES);
  readonly #refusals = new Family(REFUSALS);
  readonly #retries = new Family(RETRIES);
  readonly #models: BoundedLabel;
  readonly #ruleNames: BoundedLabel;
  readonly #reasons: BoundedLabel;
  readonly #routes: BoundedLabel;
  #shared = new Map<string, Shared>();

  constructor(maxLabelValues: number) {
    this.#models = new BoundedLabel(maxLabelValues);
    this.#ruleNames = new BoundedLabel(maxLabelValues);
    this.#reasons = new BoundedLabel(maxLabelValues);
    this.#routes = new BoundedLabel(maxLabelValues);
  }

  observe(record: ExchangeRecord): void {
    const { outcome, latency, usage, upstream, attempts } = record;
    const shared = this.#sharedOf(record);
    if (record.reason !== BATCH_SETTLED) {
      shared.requests.value++;
      observe(DURATION, shared.duration, latency.total / 1_000);
    }
    if (latency.firstByte !== null) observe(FIRST_BYTE, shared.firstByte, latency.firstByte / 1_000);
    if (latency.upstream !== null) observe(OVERHEAD, shared.overhead, Math.max(0, latency.total - latency.upstream) / 1_000);
    if (usage !== null) {
      shared.input.value += usage.inputTokens;
      shared.output.value += usage.outputTokens;
      shared.cached.value += usage.cachedTokens;
    }
    shared.cost.value += record.costMicros / 1_000_000;
    if (attempts > 1) this.#retries.add([upstream ?? ''], attempts - 1);
    if (outcome !== 'served') this.#refusals.add([outcome, this.#reasons.of(record.reason ?? '')]);
    if (record.request !== null) this.#decided(record.route, 'request', record.request);
    if (record.response !== null) this.#decided(record.route, 'response', record.response);
  }

  data(): readonly MetricData[] {
    const families = [this.#requests, this.#duration, this.#firstByte, this.#overhead, this.#tokens, this.#cost];
    return [...families, this.#decisions, this.#rules, this.#refusals, this.#retries].map((family) => family.data());
  }

  #decided(route: string, direction: string, { effect, rules }: ExchangeDecision): void {
    this.#decisions.add([this.#routes.of(route), direction, effect]);
    for (const rule of rules) this.#rules.add([direction, this.#ruleNames.of(rule)]);
  }

  #sharedOf({ route, protocol, upstream, upstreamModel, outcome, status, stream }: ExchangeRecord): Shared {
    const name = `${route}\0${upstream ?? ''}\0${upstreamModel ?? ''}\0${outcome}\0${status}\0${stream}`;
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    const [path, from] = [this.#routes.of(route), upstream ?? ''];
    // Why not the model that was asked for: clients may ask for anything; what an upstream has is in the configuration.
    const model = this.#models.of(upstreamModel ?? '');
    const where = [path, from, model, stream ? 'true' : 'false'];
    const shared: Shared = {
      requests: this.#requests.at([path, protocol, from, model, outcome, `${status}`]),
      duration: this.#duration.at(where),
      firstByte: this.#firstByte.at(where),
      overhead: this.#overhead.at([path]),
      input: this.#tokens.at([from, model, 'input']),
      output: this.#tokens.at([from, model, 'output']),
      cached: this.#tokens.at([from, model, 'cached']),
      cost: this.#cost.at([from, model]),
    };
    if (this.#shared.size >= SHARED_AT_MOST) this.#shared = new Map();
    this.#shared.set(name, shared);
    return shared;
  }
}
