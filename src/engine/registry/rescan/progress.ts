import type { RegistryContext } from '../context.ts';
import { countOutdated, type Outdated } from './outdated.ts';
import { RESCAN } from './start-rescan.ts';

/** Where reading stored files again stands. */
export interface RescanProgress {
  /** Digest of the rules and scanners of this server. */
  readonly rules: string;
  /** Sets of files that are decided. */
  readonly decided: number;
  /** Of these, decided by what older scanners saw. */
  readonly outdated: Outdated;
  readonly state: 'none' | 'waiting' | 'running' | 'done' | 'failed';
  /** Why it was broken off the last time; empty: it was not. */
  readonly problem: string;
}

const STATES = { ready: 'waiting', running: 'running', done: 'done', dead: 'failed' } as const;

/** Where reading stored files again stands, for whoever asks. */
export async function rescanProgress(context: RegistryContext): Promise<RescanProgress> {
  const { digest: rules } = await context.scanners.ruleBook();
  const { db } = context.store;
  const [decided, outdated, job] = await Promise.all([
    db
      .selectFrom('admission')
      .select(({ fn }) => fn.count<number>('manifest').distinct().as('count'))
      .where('state', 'in', ['admitted', 'quarantined'])
      .executeTakeFirstOrThrow(),
    countOutdated(context, rules),
    db
      .selectFrom('job')
      .select(['state', 'error'])
      .where('kind', '=', RESCAN)
      .where('key', 'like', `${RESCAN}:${rules}:%`)
      .orderBy('created_at', 'desc')
      .limit(1)
      .executeTakeFirst(),
  ]);
  const state = job === undefined ? 'none' : STATES[job.state];
  return { rules, decided: Number(decided.count), outdated, state, problem: job?.error ?? '' };
}
