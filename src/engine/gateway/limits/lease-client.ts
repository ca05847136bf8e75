import type { Logger } from '../../../core/logger.ts';
import { errorMessage } from '../../../core/errors.ts';
import type { Ask, Exchange, LeaseStore } from './lease-store.ts';
import type { LimitsEvent, SharingState } from './limits.ts';
import type { LeasedMeter, StoreLink } from './meter.ts';

const BATCH = 100;
const HEARTBEAT_MS = 4_000;
const FIRST_PROBE_MS = 100;
const LAST_PROBE_MS = 5_000;

/** How to talk with a store. */
export interface LeaseClientOptions {
  readonly store: LeaseStore;
  readonly kind: 'database' | 'redis';
  /** Names this process among those that share. */
  readonly holder: string;
  readonly timeoutMs: number;
  readonly tickMs: number;
  /** Processes there may be, as long as the store has never answered. */
  readonly replicas: number | undefined;
  /** Tell the store that this process lives also when there is nothing to say: where several share. */
  readonly heartbeat: boolean;
  readonly lost: { readonly shareSeconds: number; readonly afterwards: 'refuse' | 'share' };
  readonly now: () => number;
  readonly log: Logger;
  readonly onEvent: (event: LimitsEvent) => void;
}

interface Wish {
  need: number;
  least: number;
  readonly waiting: (() => void)[];
}

/**
 * Carries what meters say to the store and back: one exchange at a time, everything that came up meanwhile in the next one. A
 * circuit breaker: when an exchange fails nobody waits any more; a probe finds out when the store is back.
 */
export class LeaseClient implements StoreLink {
  readonly #options: LeaseClientOptions;
  readonly #meters = new Set<LeasedMeter>();
  readonly #wishes = new Map<LeasedMeter, Wish>();
  #sweep: Iterator<LeasedMeter> | undefined;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #broken = false;
  #told: SharingState['state'] = 'connected';
  #since: number;
  #replicas = 1;
  #heard = false;
  #epoch: string | undefined;
  #settlesAt = 0;
  #lastExchange = 0;
  #nextProbe = 0;
  #probeMs = FIRST_PROBE_MS;
  #probing = false;
  #closed = false;

  constructor(options: LeaseClientOptions) {
    this.#options = options;
    this.#since = options.now();
    this.#timer = setInterval(() => void this.tick(), options.tickMs);
    this.#timer.unref();
  }

  get state(): SharingState['state'] {
    if (this.#closed) return 'refusing';
    if (!this.#broken) return 'connected';
    // Why: a part of the limit for nobody knows how many is no part.
    if (!this.#heard && this.#options.replicas === undefined) return 'refusing';
    const { shareSeconds, afterwards } = this.#options.lost;
    return afterwards === 'refuse' && this.#options.now() - this.#since >= shareSeconds * 1_000 ? 'refusing' : 'lost';
  }

  get replicas(): number {
    return this.#heard ? this.#replicas : (this.#options.replicas ?? 1);
  }

  get store(): LeaseStore {
    return this.#options.store;
  }

  sharing(): SharingState {
    return { store: this.#options.kind, state: this.state, since: this.#since, replicas: this.replicas };
  }

  add(meter: LeasedMeter): void {
    this.#meters.add(meter);
  }

  /** Only for meters that are idle, or that said farewell. */
  remove(meter: LeasedMeter): void {
    this.#meters.delete(meter);
  }

  poke(meter: LeasedMeter): void {
    if (this.#broken || this.#closed || this.#wishes.has(meter)) return;
    this.#wishes.set(meter, { need: 0, least: Infinity, waiting: [] });
    this.#start();
  }

  /** Resolves when the store was asked for this much, whatever it answered. */
  wait(meter: LeasedMeter, amount: number): Promise<void> {
    if (this.#broken || this.#closed) return Promise.resolve();
    let wish = this.#wishes.get(meter);
    if (wish === undefined) this.#wishes.set(meter, (wish = { need: 0, least: Infinity, waiting: [] }));
    wish.need += amount;
    wish.least = Math.min(wish.least, amount);
    const { waiting } = wish;
    this.#start();
    return new Promise((resolve) => void waiting.push(resolve));
  }

  /** Makes this process known to the store. */
  async greet(): Promise<void> {
    await this.#exchange([]);
  }

  /** Says what there is to say. Called by a timer. */
  async tick(): Promise<void> {
    const now = this.#options.now();
    if (this.#broken) this.#tell();
    if (this.#broken && this.#settlesAt === 0) {
      if (now >= this.#nextProbe && !this.#probing) {
        this.#probing = true;
        await this.#exchange([]);
        this.#probing = false;
      }
      return;
    }
    if (this.#settlesAt !== 0 && now >= this.#settlesAt) this.#connect(false, now);
    this.#sweep ??= this.#meters.values();
    if (this.#options.heartbeat && now - this.#lastExchange > HEARTBEAT_MS && this.#running === undefined) await this.#exchange([]);
    await this.#start();
  }

  /** Gives everything back and ends. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#timer);
    await this.#running;
    if (!this.#broken) {
      const meters = [...this.#meters];
      for (let at = 0; at < meters.length && !this.#broken; at += BATCH) {
        const now = this.#options.now();
        const said = meters.slice(at, at + BATCH).flatMap((meter) => {
          const ask = meter.farewell(now);
          return ask === undefined ? [] : [[meter, ask] as const];
        });
        if (said.length > 0) await this.#exchange(said);
      }
    }
    await this.#options.store.close();
  }

  #start(): Promise<void> {
    this.#running ??= this.#run().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(): Promise<void> {
    while (this.#wishes.size > 0 || this.#sweep !== undefined) {
      // Why a turn: calls that arrive in it go together, and a database that never waits must not keep all else from running.
      await new Promise(setImmediate);
      const now = this.#options.now();
      const said: (readonly [LeasedMeter, Ask])[] = [];
      const waiting: (() => void)[] = [];
      for (const [meter, wish] of this.#wishes) {
        if (said.length >= BATCH) break;
        this.#wishes.delete(meter);
        waiting.push(...wish.waiting);
        const ask = meter.ask(now, wish.need, wish.need > 0 ? wish.least : 0);
        if (ask !== undefined) said.push([meter, ask]);
      }
      this.#fill(said, now);
      if (said.length > 0) await this.#exchange(said);
      for (const resolve of waiting) resolve();
      if (this.#broken && this.#settlesAt === 0) this.#dismiss();
    }
  }

  /** Adds what the regular round has to say, as long as there is room. */
  #fill(said: (readonly [LeasedMeter, Ask])[], now: number): void {
    while (this.#sweep !== undefined && said.length < BATCH) {
      const { value: meter, done } = this.#sweep.next();
      if (done === true) {
        this.#sweep = undefined;
        return;
      }
      if (said.some(([other]) => other === meter)) continue;
      const ask = meter.ask(now, 0, 0);
      if (ask !== undefined) said.push([meter, ask]);
      else if (meter.ended(now)) this.#meters.delete(meter);
    }
  }

  /** Nobody waits for a store that does not answer. */
  #dismiss(): void {
    this.#sweep = undefined;
    for (const { waiting } of this.#wishes.values()) for (const resolve of waiting) resolve();
    this.#wishes.clear();
  }

  async #exchange(said: readonly (readonly [LeasedMeter, Ask])[]): Promise<void> {
    const { store, holder, now } = this.#options;
    const askedAt = now();
    this.#lastExchange = askedAt;
    let answer: Exchange;
    let underWay: Promise<Exchange> | undefined;
    try {
      const asks = said.map(([, ask]) => ask);
      underWay = store.exchange(holder, asks);
      answer = await inTime(underWay, this.#options.timeoutMs);
      if (answer.grants.length !== asks.length) throw new Error('the store answered something else');
    } catch (error) {
      const at = now();
      for (const [meter, ask] of said) meter.unanswered(ask, at);
      this.#fail(error, at);
      underWay?.then(
        (late) => this.#late(said, late),
        () => undefined,
      );
      return;
    }
    this.#heard = true;
    this.#replicas = Math.max(1, answer.replicas);
    const at = now();
    said.forEach(([meter, ask], index) => {
      const grant = answer.grants[index];
      if (grant !== undefined) meter.granted(ask, grant, { askedAt, storeNow: answer.now }, at);
    });
    const forgot = this.#epoch !== undefined && this.#epoch !== answer.epoch;
    this.#epoch = answer.epoch;
    if (forgot) this.#forgot(at);
    else if (this.#broken && this.#settlesAt === 0) this.#connect(false, at);
  }

  #fail(error: unknown, now: number): void {
    this.#nextProbe = now + this.#probeMs;
    this.#probeMs = Math.min(LAST_PROBE_MS, this.#probeMs * 2);
    this.#settlesAt = 0;
    if (this.#broken) return;
    this.#broken = true;
    this.#since = now;
    for (const meter of this.#meters) meter.alone(now);
    this.#options.log.warn({ store: this.#options.kind, error: errorMessage(error) }, 'the shared counters of the limits do not answer');
    this.#tell();
  }

  /** An answer that nobody waited for any more. Why it counts: what was granted would be lost, and the store is there. */
  #late(said: readonly (readonly [LeasedMeter, Ask])[], { grants, epoch, replicas }: Exchange): void {
    if (this.#closed || epoch !== (this.#epoch ?? epoch) || grants.length !== said.length) return;
    const at = this.#options.now();
    said.forEach(([meter, ask], index) => {
      const grant = grants[index];
      if (grant !== undefined) meter.late(ask, grant);
    });
    this.#heard = true;
    this.#epoch = epoch;
    this.#replicas = Math.max(1, replicas);
    if (this.#broken && this.#settlesAt === 0) this.#connect(false, at);
  }

  /** Why a pause: until every process has said what it used, the store would give all of it away again. */
  #forgot(now: number): void {
    if (!this.#broken) {
      this.#broken = true;
      this.#since = now;
      for (const meter of this.#meters) meter.alone(now);
    }
    for (const meter of this.#meters) meter.together(true, now);
    this.#settlesAt = now + 5 * this.#options.tickMs;
    this.#sweep = this.#meters.values();
    this.#event('store-forgot');
  }

  #connect(forgot: boolean, now: number): void {
    this.#broken = false;
    this.#settlesAt = 0;
    this.#since = now;
    this.#probeMs = FIRST_PROBE_MS;
    for (const meter of this.#meters) meter.together(forgot, now);
    this.#tell();
  }

  #tell(): void {
    const { state } = this;
    if (state === this.#told) return;
    this.#told = state;
    this.#event(state === 'connected' ? 'store-back' : state === 'lost' ? 'store-lost' : 'store-refusing');
  }

  #event(kind: 'store-lost' | 'store-refusing' | 'store-back' | 'store-forgot'): void {
    this.#options.onEvent({ kind, store: this.#options.kind, replicas: this.replicas });
  }
}

async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    // Why another turn: in a busy process the answer may have been here in time, and only nobody has read it yet.
    const giveUp = (): void => void setImmediate(() => reject(new Error(`no answer within ${timeoutMs} ms`)));
    timer = setTimeout(giveUp, timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
