import { createHash, hash, type Hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { CordonError } from '../../core/errors.ts';
import type { Member } from '../../core/member-list.ts';
import type { Call, Caller, Usage } from '../../engine/gateway/call.ts';
import type { ExchangeDecision, ExchangeOutcome, ExchangeRecord } from '../../engine/gateway/audit/exchange-record.ts';
import type { Admitted } from '../../engine/gateway/limits/limits.ts';
import { type MediaAsked, type MediaMade, withMedia } from '../../engine/gateway/prices/media-price.ts';
import { costOf, type Price, tierPrice } from '../../engine/gateway/prices/price.ts';
import type { TraceContext } from '../../engine/gateway/telemetry/trace-context.ts';
import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { fired } from '../../engine/guard/fired.ts';
import { peerOf } from '../../identity/certificates/vouched-name.ts';
import { newId } from '../../store/ids.ts';
import type { GatewayPolicy, GatewayServices } from '../services.ts';

/** What is known of a route before its body is read. */
export interface ExchangeRoute {
  readonly pattern: string;
  readonly family: 'openai' | 'anthropic' | 'mcp';
}

const NOTHING = { tools: [], models: [] } as const;
const NOBODY = { principal: '', name: '', key: null, teams: [] } as const;

/** One request on its way through the gateway: everything that is to be settled, written down and cut. */
export class Exchange implements Member {
  readonly id = newId();
  place = -1;
  readonly services: GatewayServices;
  readonly policy: GatewayPolicy;
  /** Another one where a request to all servers turns out to be for one of them. */
  route: ExchangeRoute;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly #started = performance.now();
  readonly trace: TraceContext;
  /** The first piece of the answer, and the digest of all once there is another. Why: one digest of one piece costs a third. */
  #firstPiece: Buffer | undefined;
  #answer: Hash | undefined;
  #firstByte: number | null = null;
  #finished = false;
  /** Detections that all processes of the server still have to hear of. */
  readonly #counted: Promise<void>[] = [];
  caller: Caller | undefined;
  ip = '';
  model = '';
  /** Tool that is called, as `server/tool`. */
  tool: string | undefined;
  /** Tools that a model is told of, and models that tools of its provider work with. */
  offered: { readonly tools: readonly string[]; readonly models: readonly string[] } = NOTHING;
  stream = false;
  session: string | undefined;
  admission: Admitted | undefined;
  target: Pick<Target, 'upstream' | 'model'> | undefined;
  price: Price | undefined;
  /** Service tier that the client asked for. */
  tier: string | undefined;
  /** What is asked for, and what was made, besides tokens. */
  media: { readonly asked: MediaAsked | undefined; made?: MediaMade | undefined } = { asked: undefined };
  attempts = 0;
  upstreamMs: number | null = null;
  usage: Usage | undefined;
  /** Of batches: what was used and cost is known when they are over, and written down then; until then limits hold the most that it can be. */
  isDeferred = false;
  requestSha256: string | null = null;
  policyDigest: string | null = null;
  requestDecision: GuardDecision | undefined;
  responseDecision: GuardDecision | undefined;
  /** What was said, as the guard left it; only where the policy keeps it. */
  readonly content = { request: '', response: '' };
  /** Whether it is open only for what may still come. */
  isWaiting = false;
  /** Ends what is under way; set while something is. */
  cut: ((error: CordonError) => void) | undefined;

  constructor(services: GatewayServices, route: ExchangeRoute, request: IncomingMessage, response: ServerResponse) {
    this.services = services;
    this.policy = services.policy();
    this.route = route;
    this.request = request;
    this.response = response;
    this.startedAt = services.now();
    this.trace = services.telemetry.trace(request.headers);
  }

  /** The call as limits, blocks and permissions see it. */
  get call(): Call {
    if (this.caller === undefined) throw new CordonError('access.unauthenticated', 'nobody was identified');
    return { caller: this.caller, route: this.route.pattern, model: this.model };
  }

  get isFinished(): boolean {
    return this.#finished;
  }

  /** Notes bytes that go to the client. */
  answering(bytes: Buffer): void {
    this.#firstByte ??= this.#elapsed();
    if (this.#firstPiece === undefined) this.#firstPiece = bytes;
    else (this.#answer ??= createHash('sha256').update(this.#firstPiece)).update(bytes);
  }

  /** Notes what the guard decided, for the defence as well. */
  decided(direction: 'request' | 'response', decision: GuardDecision): void {
    if (direction === 'request') this.requestDecision = decision;
    else this.responseDecision = decision;
    this.policyDigest = decision.policyDigest;
    this.services.failures.note(decision);
    const { rules, detectors } = fired(decision);
    if (rules.length === 0 && decision.effect === 'allow') return;
    const counted = this.services.defence.observe({ call: this.call, effect: decision.effect, detectors, rules, session: this.session });
    if (counted !== undefined) this.#counted.push(counted);
  }

  /**
   * Settles the limits and writes the record; only the first time counts. Resolves when the answer may end; rejects with
   * `gateway.unavailable` when the record cannot be written and the policy says that nothing may happen without one.
   */
  async finish(outcome: ExchangeOutcome, status: number, reason: string | null): Promise<void> {
    if (this.#finished) return;
    this.#finished = true;
    // Why the price of the model that answered: the dearest one was reserved.
    if (this.usage !== undefined) this.admission?.settle(this.usage, this.#charged());
    else this.admission?.release();
    const isRecorded = this.caller !== undefined || this.#leavesRecord();
    const record = this.#record(outcome, status, reason);
    this.services.telemetry.observe(record, isRecorded ? this.trace : undefined);
    if (!isRecorded) return;
    const { request, response } = this.content;
    const isKept = this.policy.config.audit.content === 'redacted' && request !== '';
    const written = this.services.audit.append(record, isKept ? { request, response } : undefined);
    // Why: whoever is answered may call another process at once, and what was counted must count there.
    await (this.#counted.length === 0 ? written : Promise.all([written, ...this.#counted]));
  }

  /** Why not each that nobody is known to have sent: they could fill the journal for all. */
  #leavesRecord(): boolean {
    const { services, request } = this;
    if (this.ip === '') this.ip = services.callers.addressOf(request.headers, peerOf(request));
    return services.unauthenticated.isRecorded(this.ip);
  }

  #record(outcome: ExchangeOutcome, status: number, reason: string | null): ExchangeRecord {
    const { caller, target } = this;
    const price = this.#charged();
    const usage = this.isDeferred ? undefined : this.usage;
    return {
      id: this.id,
      at: this.startedAt,
      who: {
        ...(caller === undefined
          ? NOBODY
          : { principal: caller.principal.id, name: caller.principal.name, key: caller.key, teams: caller.teams }),
        ip: caller?.ip ?? this.ip,
      },
      route: this.route.pattern,
      protocol: this.route.family,
      model: this.model,
      upstream: target?.upstream ?? null,
      upstreamModel: target?.model ?? null,
      stream: this.stream,
      status,
      outcome,
      reason,
      policy: this.policyDigest,
      request: told(this.requestDecision),
      response: told(this.responseDecision),
      usage: usage ?? null,
      costMicros: usage === undefined || price === undefined ? 0 : costOf(price, usage),
      latency: { total: this.#elapsed(), firstByte: this.#firstByte, upstream: this.upstreamMs },
      requestSha256: this.requestSha256,
      responseSha256: this.#answerSha256(),
      session: this.session ?? null,
      attempts: this.attempts,
    };
  }

  #answerSha256(): string | null {
    if (this.#firstPiece === undefined) return null;
    return this.#answer?.digest('hex') ?? hash('sha256', this.#firstPiece, 'hex');
  }

  /** The price of what answered: its service tier, the pictures it made. A tier without a price costs what was reserved. */
  #charged(): Price | undefined {
    // Why as it is where nothing answered: what was reserved has all of it in.
    if (this.price === undefined || this.target === undefined) return this.price;
    // Why not flex by the request alone: who does not say so may have charged the whole price.
    const tier = this.usage?.tier ?? (this.tier === 'flex' ? undefined : this.tier);
    const ofTier = tierPrice(this.price, tier) ?? this.price;
    return withMedia(ofTier, this.media.asked, this.media.made);
  }

  #elapsed(): number {
    return Math.round((performance.now() - this.#started) * 1_000) / 1_000;
  }
}

function told(decision: GuardDecision | undefined): ExchangeDecision | null {
  return decision === undefined ? null : { effect: decision.effect, score: decision.score, ...fired(decision) };
}
