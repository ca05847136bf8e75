import { setTimeout as sleep } from 'node:timers/promises';
import type { DefenceConfig } from '../../../core/gateway-defence-config.ts';
import { errorMessage } from '../../../core/errors.ts';
import { type Logger, SILENT } from '../../../core/logger.ts';
import { newId } from '../../../store/ids.ts';
import type { Store } from '../../../store/open-store.ts';
import { type Announcer, SILENT_ANNOUNCER } from '../../announcer.ts';
import type { Call } from '../call.ts';
import { allowList } from './allow-list.ts';
import { type CompiledRule, compileRules, type DetectionEvent } from './defence-rules.ts';
import { RecentCounts } from './recent-counts.ts';
import { type Action, recordActions } from './record-actions.ts';
import { type Stop, subjectOf } from './stop.ts';
import type { Switches } from './switches.ts';

/** Turns repeated detections into actions. */
export interface Defence {
  /**
   * Counts a decision; what follows from it counts for the next call. Never throws. Where several processes count together, settles when
   * it is counted and all know what follows: an answer that waits for it leaves no way around the count by another process.
   */
  observe(event: DetectionEvent): Promise<void> | undefined;
  /** Profile of the guard that counts for this call because somebody was tightened. */
  profileFor(call: Call, session?: string): string | undefined;
  reconfigure(config: DefenceConfig): void;
  /** Settles when every action that was taken so far is in the database. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Several processes that count as one. Neither settles late or rejects. */
export interface SharedDefence {
  readonly processes: number;
  /** {@link RecentCounts.hit} (`again`: {@link RecentCounts.again}) over all processes; undefined: nobody could say. */
  count(kind: 'hit' | 'again', ask: CountAsk): Promise<boolean | undefined>;
  /** Has the others take a stop into account; settles when they did. */
  engage(stop: Stop): Promise<void>;
}

/** What is counted. Times in milliseconds; `max`: how many keys are kept. */
export interface CountAsk {
  readonly key: string;
  readonly at: number;
  readonly count: number;
  readonly withinMs: number;
  readonly max: number;
}

/** What {@link openDefence} needs. */
export interface DefenceOptions {
  readonly config: DefenceConfig;
  readonly store: Store;
  readonly switches: Switches;
  readonly announcer?: Announcer;
  readonly log?: Logger;
  readonly now?: () => number;
  readonly retryMs?: number;
  readonly shared?: SharedDefence | undefined;
}

/** A detection that a rule counts. */
interface Seen {
  readonly compiled: CompiledRule;
  readonly whose: { readonly value: string; readonly label: string };
  readonly at: number;
  readonly call: Call;
}

/** Actions of one transaction. */
const BATCH = 100;
/** Why: alerts do not stop whoever causes them, so they could fill the ledger. The next one says how many were left out. */
const ALERTS_PER_MINUTE = 60;
const MINUTE_MS = 60_000;
const RETRY_MS = 1_000;

/** Starts to count. */
export function openDefence(options: DefenceOptions): Defence {
  const { store, switches, announcer = SILENT_ANNOUNCER, log = SILENT, now = Date.now, shared } = options;
  const alertsPerMinute = Math.max(1, Math.floor(ALERTS_PER_MINUTE / (shared?.processes ?? 1)));
  let config = options.config;
  let rules = compileRules(config);
  let isSpared = allowList(config.allow);
  switches.standing.spare(isSpared);
  const counts = new RecentCounts(config.maxTracked);
  /** About whom a rule gave an alert: it is silent for a while then. */
  const silent = new RecentCounts(config.maxTracked);
  const alerts = { minute: 0, sent: 0, leftOut: 0 };
  const queue: Action[] = [];
  const closing = new AbortController();
  let writing: Promise<void> | undefined;

  function observe(event: DetectionEvent): Promise<void> | undefined {
    if (rules.length === 0) return undefined;
    const under: Promise<void>[] = [];
    try {
      const at = now();
      const subject = subjectOf(event.call, event.session);
      for (const compiled of rules) {
        if (!compiled.fires(event) || isSpared(subject)) continue;
        const whose = compiled.subjectOf(event);
        if (whose === undefined) continue;
        const { count } = compiled.rule.when;
        const ask = { key: `${compiled.rule.id} ${whose.value}`, at, count, withinMs: compiled.withinMs, max: config.maxTracked };
        const seen: Seen = { compiled, whose, at, call: event.call };
        if (shared !== undefined) under.push(countTogether(shared, ask, seen).catch(uncounted));
        else if (hitsHere(ask)) void act(seen);
      }
    } catch (error) {
      uncounted(error);
    }
    return under.length === 0 ? undefined : Promise.all(under).then(() => undefined);
  }

  function uncounted(error: unknown): void {
    log.error({ error: errorMessage(error) }, 'a detection was not counted');
  }

  function hitsHere({ key, at, count, withinMs }: CountAsk): boolean {
    return counts.hit(key, at, count, withinMs);
  }

  async function countTogether(others: SharedDefence, ask: CountAsk, seen: Seen): Promise<void> {
    // Why the second: whoever counts for all may be busy, and then what is counted here is better than nothing.
    if ((await others.count('hit', ask)) ?? hitsHere(ask)) await act(seen);
  }

  /** Returns what settles when all processes know of it. */
  function act({ compiled, whose, at, call }: Seen): Promise<void> | undefined {
    const { rule, forMs } = compiled;
    const kind = rule.per;
    if (rule.dryRun || rule.action === 'alert') return alert({ compiled, kind, ...whose, at, stop: undefined, leftOut: 0 });
    const effect = rule.action;
    const standing = switches.standing.find(effect, { [kind]: kind === 'ip' ? call.caller.ip : whose.value }, at);
    // Why not again: what was under way when it began goes on being detected.
    if (standing?.automatic === true && standing.by === rule.id) return undefined;
    if (switches.standing.automatic >= config.maxBlocks) {
      log.error({ rule: rule.id, blocks: config.maxBlocks }, 'too many automatic actions last already; only an alert is given');
      return alert({ compiled, kind, ...whose, at, stop: undefined, leftOut: 0 });
    }
    const stop: Stop = {
      id: newId(),
      kind,
      ...whose,
      effect,
      profile: rule.profile ?? null,
      reason: `${rule.when.count} detections within ${rule.when.within}`,
      by: rule.id,
      automatic: true,
      at,
      expiresAt: at + forMs,
    };
    switches.engage(stop);
    const known = shared?.engage(stop);
    log.warn({ rule: rule.id, on: kind, value: whose.value, action: effect }, 'the gateway defends itself');
    push({ compiled, kind, ...whose, at, stop, leftOut: 0 });
    return known;
  }

  function alert(action: Action): Promise<void> | undefined {
    const { rule, forMs } = action.compiled;
    const key = `${rule.id} ${action.value}`;
    const isSilent = (): boolean => silent.again(key, action.at, forMs);
    if (shared === undefined) return void (isSilent() || give(action));
    const ask = { key, at: action.at, count: 0, withinMs: forMs, max: config.maxTracked };
    return shared.count('again', ask).then((again) => void ((again ?? isSilent()) || give(action)));
  }

  function give(action: Action): void {
    const minute = Math.floor(action.at / MINUTE_MS);
    if (alerts.minute !== minute) Object.assign(alerts, { minute, sent: 0 });
    if (++alerts.sent > alertsPerMinute) return void alerts.leftOut++;
    push({ ...action, leftOut: alerts.leftOut });
    alerts.leftOut = 0;
  }

  function push(action: Action): void {
    queue.push(action);
    writing ??= write().finally(() => (writing = undefined));
  }

  async function write(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH);
      try {
        const stops = await recordActions(store, batch, announcer);
        queue.splice(0, batch.length);
        for (const stop of stops) if (switches.standing.has(stop.id)) switches.engage(stop);
        announcer.wake();
      } catch (error) {
        log.error({ error: errorMessage(error), waiting: queue.length }, 'actions of the defence count here, but are not written down yet');
        if (closing.signal.aborted) return;
        await sleep(options.retryMs ?? RETRY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  return {
    observe,
    profileFor: (call, session) => switches.tightened(subjectOf(call, session)),
    reconfigure(next) {
      config = next;
      rules = compileRules(next);
      isSpared = allowList(next.allow);
      switches.standing.spare(isSpared);
      counts.resize(next.maxTracked);
      silent.resize(next.maxTracked);
    },
    settled: async () => await writing,
    async close() {
      closing.abort();
      await writing;
    },
  };
}
