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

/** Turns repeated detections into actions. Counts are those of this process; what it does about them counts for all. */
export interface Defence {
  /** Counts a decision; what follows from it counts for the next call. Never throws, never waits. */
  observe(event: DetectionEvent): void;
  /** Profile of the guard that counts for this call because somebody was tightened. */
  profileFor(call: Call, session?: string): string | undefined;
  reconfigure(config: DefenceConfig): void;
  /** Settles when every action that was taken so far is in the database. */
  settled(): Promise<void>;
  close(): Promise<void>;
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
}

/** Actions of one transaction. */
const BATCH = 100;
/** Why: alerts do not stop whoever causes them, so they could fill the ledger. The next one says how many were left out. */
const ALERTS_PER_MINUTE = 60;
const MINUTE_MS = 60_000;
const RETRY_MS = 1_000;

/** Starts to count. */
export function openDefence(options: DefenceOptions): Defence {
  const { store, switches, announcer = SILENT_ANNOUNCER, log = SILENT, now = Date.now } = options;
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

  function observe(event: DetectionEvent): void {
    if (rules.length === 0) return;
    try {
      const at = now();
      const subject = subjectOf(event.call, event.session);
      for (const compiled of rules) {
        if (!compiled.fires(event) || isSpared(subject)) continue;
        const whose = compiled.subjectOf(event);
        if (whose === undefined) continue;
        const { count } = compiled.rule.when;
        if (counts.hit(`${compiled.rule.id} ${whose.value}`, at, count, compiled.withinMs)) act(compiled, whose, at, event.call);
      }
    } catch (error) {
      log.error({ error: errorMessage(error) }, 'a detection was not counted');
    }
  }

  function act(compiled: CompiledRule, whose: { readonly value: string; readonly label: string }, at: number, call: Call): void {
    const { rule, forMs } = compiled;
    const kind = rule.per;
    if (rule.dryRun || rule.action === 'alert') return alert({ compiled, kind, ...whose, at, stop: undefined, leftOut: 0 });
    const effect = rule.action;
    const standing = switches.standing.find(effect, { [kind]: kind === 'ip' ? call.caller.ip : whose.value }, at);
    // Why not again: what was under way when it began goes on being detected.
    if (standing?.automatic === true && standing.by === rule.id) return;
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
    log.warn({ rule: rule.id, on: kind, value: whose.value, action: effect }, 'the gateway defends itself');
    push({ compiled, kind, ...whose, at, stop, leftOut: 0 });
  }

  function alert(action: Action): void {
    const { rule, forMs } = action.compiled;
    if (silent.again(`${rule.id} ${action.value}`, action.at, forMs)) return;
    const minute = Math.floor(action.at / MINUTE_MS);
    if (alerts.minute !== minute) Object.assign(alerts, { minute, sent: 0 });
    if (++alerts.sent > ALERTS_PER_MINUTE) return void alerts.leftOut++;
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
