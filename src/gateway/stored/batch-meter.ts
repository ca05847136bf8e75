import type { BatchDue, BatchKind, BatchSpent } from '../../engine/gateway/batches/batches.ts';
import type { Usage } from '../../engine/gateway/call.ts';
import { costOf } from '../../engine/gateway/prices/price.ts';
import { anthropicUsage } from '../anthropic/usage.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { openAiUsage } from '../openai/usage.ts';

/** Counts what the requests of a batch came to, line by line of its results. Lines that failed, expired or were cancelled cost nothing. */
export class BatchMeter {
  readonly #due: BatchDue;
  #usage: Usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, cacheWriteTokens: 0, measured: true };
  #costMicros = 0;
  #answered = 0;
  #lines = 0;
  /** Whether every line was one of results: otherwise nobody knows what it came to. */
  isReadable = true;

  constructor(due: BatchDue) {
    this.#due = due;
  }

  /** Takes a line of results, as the provider sent it. */
  take(line: JsonObject): void {
    this.#lines++;
    if (!isResult(this.#due.kind, line)) this.isReadable = false;
    // Why no more: a result without a request is none that was asked for.
    if (this.#answered >= this.#due.requests) return;
    const answer = answerIn(this.#due.kind, line);
    if (answer === undefined) return;
    this.#answered++;
    const usage = this.#due.kind === 'batch' ? openAiUsage(answer.usage) : anthropicUsage(answer.usage);
    this.#add(usage ?? this.#share(), usage === undefined ? undefined : this.#cost(usage));
  }

  /** Whether there are results for all requests. Why not for those of OpenAI: what failed has a file of its own. */
  get isWhole(): boolean {
    return this.#due.kind === 'batch' || this.#lines >= this.#due.requests;
  }

  get spent(): BatchSpent {
    return { usage: this.#usage, costMicros: this.#costMicros };
  }

  #cost(usage: Usage): number {
    const { price } = this.#due;
    return price === undefined ? 0 : costOf(price, usage);
  }

  /** Why: an answer that counts nothing was made all the same; it is taken for an equal part of the most. */
  #share(): Usage {
    const { atMost, requests } = this.#due;
    return {
      inputTokens: Math.ceil(atMost.inputTokens / requests),
      outputTokens: Math.ceil(atMost.outputTokens / requests),
      cachedTokens: 0,
      measured: false,
    };
  }

  #add(usage: Usage, costMicros: number | undefined): void {
    const sum = this.#usage;
    this.#usage = {
      inputTokens: sum.inputTokens + usage.inputTokens,
      outputTokens: sum.outputTokens + usage.outputTokens,
      cachedTokens: sum.cachedTokens + usage.cachedTokens,
      cacheWriteTokens: (sum.cacheWriteTokens ?? 0) + (usage.cacheWriteTokens ?? 0),
      measured: sum.measured && usage.measured,
    };
    this.#costMicros += costMicros ?? Math.ceil(this.#due.charged / this.#due.requests);
  }
}

function isResult(kind: BatchKind, { response, result, error }: JsonObject): boolean {
  return kind === 'batch' ? isObject(response) || isObject(error) : isObject(result);
}

/** The answer in a line that was answered well; undefined: it costs nothing. */
function answerIn(kind: BatchKind, { response, result }: JsonObject): JsonObject | undefined {
  if (kind === 'message-batch')
    return isObject(result) && result.type === 'succeeded' && isObject(result.message) ? result.message : undefined;
  if (!isObject(response) || !isObject(response.body)) return undefined;
  const { status_code: status } = response;
  return typeof status === 'number' && status >= 400 ? undefined : response.body;
}

/** Whether nothing more will come of a batch, as its provider describes it. */
export function isOver(kind: BatchKind, { status, processing_status }: JsonObject): boolean {
  if (kind === 'message-batch') return processing_status === 'ended';
  return status === 'completed' || status === 'failed' || status === 'expired' || status === 'cancelled';
}
