import { CordonError } from '../../core/errors.ts';
import { changed } from '../../formats/exact-json/exact-numbers.ts';
import { subjectOf } from '../../engine/gateway/defence/stop.ts';
import { tokensAtMost } from '../../engine/gateway/limits/tokens-at-most.ts';
import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { requireClient } from '../exchange/require-client.ts';
import { guardPlaces } from '../guarding/guard-places.ts';
import { refusalOf, refuses } from '../guarding/refusal.ts';
import { checkNames } from '../json/asked-for.ts';
import { string } from '../json/fields.ts';
import { otherModels } from '../json/other-models.ts';
import { filesNamed } from '../json/files-named.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { Protocol } from '../protocol.ts';
import { guardOf, permit } from './permit.ts';
import { referencesIn, resolveReferences } from './references.ts';

/** What the requests of a batch come to. */
export interface BatchSums {
  readonly endpoint: string;
  /** The one model of all requests. */
  readonly model: string;
  readonly lines: number;
  /** At most. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Names of the tools that models are told of. Left out: the file came before they were remembered. */
  readonly tools?: readonly string[];
  /** Models that tools of the provider work with, besides the one that is asked. */
  readonly toolModels?: readonly string[];
  /** Digest of the rules by which the requests were guarded. */
  readonly policy?: string;
}

/** Why: they are kept beside the file. */
const MOST_TOOLS = 1_000;
const MODEL = /^[\w.:@/+-]{1,256}$/;

/** The requests of a batch, each guarded, permitted and addressed as if it came by itself. */
export class BatchLines {
  readonly #exchange: Exchange;
  readonly #upstream: string;
  readonly #tools = new Set<string>();
  readonly #toolModels = new Set<string>();
  #target: Target | undefined;
  #endpoint = '';
  #lines = 0;
  #inputTokens = 0;
  #outputTokens = 0;

  constructor(exchange: Exchange, upstream: string) {
    this.#exchange = exchange;
    this.#upstream = upstream;
  }

  get sums(): BatchSums {
    const { model } = this.#exchange;
    return {
      endpoint: this.#endpoint,
      model,
      lines: this.#lines,
      inputTokens: this.#inputTokens,
      outputTokens: this.#outputTokens,
      tools: [...this.#tools],
      toolModels: [...this.#toolModels],
      policy: guardOf(this.#exchange, this.#endpoint).policyDigest,
    };
  }

  /** Takes the body of the next request; returns it as it may be sent. Throws what a request by itself would be answered with. */
  async take(endpoint: string, protocol: Protocol, body: JsonObject, bytes: number): Promise<JsonObject> {
    const exchange = this.#exchange;
    const { policy } = exchange;
    requireClient(exchange);
    checkNames(body);
    const view = protocol.request(body);
    if (!MODEL.test(view.model)) throw new CordonError('request.invalid', 'model must be the name of a model');
    if (view.stream) throw new CordonError('request.invalid', 'a request of a batch cannot be streamed');
    if (this.#lines === 0) this.#open(endpoint, view.model);
    if (endpoint !== this.#endpoint || view.model !== exchange.model)
      throw new CordonError('request.invalid', 'all requests of a batch must be for the same endpoint and model');
    for (const tool of view.tools) {
      permitTool(exchange, tool);
      this.#tools.add(tool);
    }
    for (const model of otherModels(body)) {
      permitLines(exchange, endpoint, model);
      this.#toolModels.add(model);
    }
    if (this.#tools.size + this.#toolModels.size > MOST_TOOLS)
      throw new CordonError('request.invalid', 'the requests of the batch name too many tools');
    if (view.places.unread > 0 && policy.config.guard.unreadable === 'refuse')
      throw new CordonError('gateway.refused', 'Images, audio and files are refused by policy.');
    const references = referencesIn(body);
    const named = references.length === 0 ? undefined : await resolveReferences(exchange, references);
    if (references.length > 0 && named?.target.upstream !== this.#upstream)
      throw new CordonError('request.invalid', 'another provider keeps what the request names');
    const operatorData = policy.config.guard.operatorText === 'guarded';
    const { decision } = await guardPlaces(guardOf(exchange, endpoint), view.places, {
      pseudonyms: new PseudonymMap(),
      systemPrompt: '',
      operatorData,
    });
    this.#decided(decision);
    this.#lines++;
    const unseen = filesNamed(body) * policy.config.maxFileTokens + (named?.tokens ?? 0);
    this.#inputTokens += tokensAtMost(bytes + unseen, view.places.list.length);
    this.#outputTokens += (view.maxOutputTokens ?? policy.config.maxOutputTokens) * view.choices;
    return changed(body, { model: this.#target?.model ?? view.model });
  }

  #open(endpoint: string, model: string): void {
    const exchange = this.#exchange;
    this.#endpoint = endpoint;
    exchange.model = model;
    permit(exchange);
    permitLines(exchange, endpoint);
    this.#target = exchange.services.upstreams.targetsOf(model)?.find(({ upstream }) => upstream === this.#upstream);
    if (this.#target === undefined) throw new CordonError('file.missing', `There is no model ${model} for batches.`);
  }

  /** Why the worst: one record stands for all lines. */
  #decided(decision: GuardDecision): void {
    const exchange = this.#exchange;
    const before = exchange.requestDecision;
    if (before === undefined || decision.effect !== 'allow') exchange.decided('request', decision);
    if (refuses(decision)) throw refusalOf('request', decision);
  }
}

/** May this caller ask this endpoint by itself, with this model? Throws `access.denied`, `gateway.stopped`. */
export function permitLines({ services, call, session }: Exchange, endpoint: string, model = call.model): void {
  const single = { ...call, route: endpoint, model };
  if (!services.callers.may(single)) throw new CordonError('access.denied', `The credential does not allow ${model} on ${endpoint}.`);
  if (services.switches.stopped(subjectOf(single, session)) !== undefined)
    throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
}

/** May this caller have a model told of this tool? Throws `access.denied`. */
export function permitTool({ services, call }: Exchange, tool: string): void {
  if (!services.callers.mayUseTool(call.caller, tool) || services.switches.stopped({ tool }) !== undefined)
    throw new CordonError('access.denied', 'The credential does not allow one of the tools.');
}

const FIELDS: ReadonlySet<string> = new Set(['custom_id', 'method', 'url', 'body']);
const CUSTOM_ID = /^[\w.:-]{1,64}$/;

/** A line of a file of requests to OpenAI. Throws `request.invalid`. */
export function readBatchLine(line: JsonObject): { readonly url: string; readonly body: JsonObject } {
  const { custom_id, method, url, body } = line;
  if (Object.keys(line).some((key) => !FIELDS.has(key)) || method !== 'POST' || !isObject(body))
    throw new CordonError('request.invalid', 'a line of a batch holds custom_id, method POST, url and body, and nothing else');
  // Why plain: it comes back in the results, and nobody reads it on the way.
  if (!CUSTOM_ID.test(string(custom_id)))
    throw new CordonError('request.invalid', 'custom_id must be a plain name of at most 64 characters');
  return { url: string(url), body };
}
