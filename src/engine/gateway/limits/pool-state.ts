import { sharedSlotMs, sharedSlots, type Ask, type BudgetAsk, type Grant, type SlotsAsk, type WindowAsk } from './lease-store.ts';

/** Points taken by slot, oldest first. */
export interface WindowState {
  readonly taken: [slot: number, amount: number][];
}
/** Places by lease. */
export interface SlotsState {
  readonly leases: Record<string, { held: number; sequence: number; until: number }>;
}
/** What ended leases spent, and those that go on or ended by force: their ceiling is charged. */
export interface BudgetState {
  spent: number;
  readonly leases: Record<string, { ceiling: number; spent: number; sequence: number; seen: number }>;
}
export type PoolState = WindowState | SlotsState | BudgetState;

/** When a pool that nobody touches can be forgotten, and how many leases of dead processes are told apart. */
const KEEP_BUDGET_MS = 40 * 86_400_000;
const MOST_LEASES = 64;
/** A lease not heard of for this long is over for good; processes stop using theirs at half of it. */
export const BUDGET_LEASE_MS = 2 * 86_400_000;

/** A pool that nobody used yet. */
export function emptyState(kind: Ask['kind']): PoolState {
  if (kind === 'window') return { taken: [] };
  return kind === 'slots' ? { leases: {} } : { spent: 0, leases: {} };
}

/** What an ask does to its pool. Changes the state. The script of Redis does the same; a test compares them. */
export function apply(state: PoolState, ask: Ask, now: number, replicas: number): Grant {
  if (ask.kind === 'window') return applyWindow(state as WindowState, ask, now, replicas);
  return ask.kind === 'slots' ? applySlots(state as SlotsState, ask, now, replicas) : applyBudget(state as BudgetState, ask, now, replicas);
}

/** Epoch milliseconds from which the pool is as good as empty; null for never. */
export function expiresAt(ask: Ask, now: number): number | null {
  if (ask.kind === 'window') return now + 2 * ask.windowMs;
  if (ask.kind === 'slots') return now + 2 * ask.ttlMs;
  return ask.endsAt === null ? null : ask.endsAt + KEEP_BUDGET_MS;
}

/**
 * Why a half by the number of processes: one that asks first must not keep the rest from the others; shares shrink as the
 * rest does, so that little of it is stranded.
 */
function share(room: number, replicas: number): number {
  return Math.floor(room / (2 * replicas));
}

/** Why two slots more than the window has: the oldest one counts in full, and points are used up to one slot after they were taken. */
function applyWindow(state: WindowState, ask: WindowAsk, now: number, replicas: number): Grant {
  const { taken } = state;
  const slotMs = sharedSlotMs(ask.windowMs);
  const reach = sharedSlots(ask.windowMs) + 1;
  const slot = Math.max(Math.floor(now / slotMs), taken.at(-1)?.[0] ?? 0);
  while (taken[0] !== undefined && taken[0][0] < slot - reach) taken.shift();
  for (const [of, amount] of ask.back) {
    const entry = taken.find(([at]) => at === of);
    if (entry !== undefined) entry[1] = Math.max(0, entry[1] - amount);
  }
  const total = taken.reduce((sum, [, amount]) => sum + amount, ask.charge);
  const room = Math.max(0, ask.limit - total);
  const granted = room < ask.atLeast ? 0 : Math.min(room, Math.max(ask.atLeast, Math.min(ask.take, share(room, replicas))));
  const added = granted + ask.charge;
  if (added > 0) {
    const last = taken.at(-1);
    if (last?.[0] === slot) last[1] += added;
    else taken.push([slot, added]);
  }
  let retryAfterMs = 0;
  if (granted < ask.atLeast) {
    let freed = room;
    retryAfterMs = ask.windowMs;
    for (const [at, amount] of taken) {
      freed += amount;
      if (freed < ask.atLeast) continue;
      retryAfterMs = Math.max(1, Math.ceil((at + reach + 1) * slotMs - now));
      break;
    }
  }
  return { granted, remaining: room - granted, retryAfterMs, slot };
}

function applySlots(state: SlotsState, ask: SlotsAsk, now: number, replicas: number): Grant {
  const { leases } = state;
  let others = 0;
  for (const [id, lease] of Object.entries(leases)) {
    if (lease.until <= now) delete leases[id];
    else if (id !== ask.lease) others += lease.held;
  }
  const mine = leases[ask.lease];
  const room = Math.max(0, ask.limit - others);
  const before = Math.min(mine?.held ?? 0, room);
  if (mine !== undefined && ask.sequence <= mine.sequence) return { granted: before, remaining: room - before, retryAfterMs: 0, slot: 0 };
  let granted = Math.min(ask.held, before);
  if (ask.held > before && ask.atLeast <= room) {
    granted = Math.min(room, ask.held, Math.max(ask.atLeast, before + share(room - before, replicas)));
  }
  leases[ask.lease] = { held: granted, sequence: ask.sequence, until: now + ask.ttlMs };
  return { granted, remaining: room - granted, retryAfterMs: granted < ask.atLeast ? 100 : 0, slot: 0 };
}

function applyBudget(state: BudgetState, ask: BudgetAsk, now: number, replicas: number): Grant {
  const { leases } = state;
  foldOldest(state, ask.lease, now);
  let others = state.spent;
  let spentByOthers = state.spent;
  for (const [id, lease] of Object.entries(leases)) {
    if (id === ask.lease) continue;
    others += lease.ceiling;
    spentByOthers += lease.spent;
  }
  const mine = leases[ask.lease];
  const before = mine?.ceiling ?? 0;
  if (mine !== undefined && ask.sequence <= mine.sequence) {
    return { granted: before, remaining: Math.max(0, ask.limit - others - before), retryAfterMs: 0, slot: 0 };
  }
  if (ask.close) {
    delete leases[ask.lease];
    state.spent += ask.used;
    return { granted: 0, remaining: Math.max(0, ask.limit - others - ask.used), retryAfterMs: 0, slot: 0 };
  }
  const room = ask.limit - others - before;
  let ceiling = Math.min(ask.ceiling, before);
  if (ask.ceiling > before && room > 0 && before + room >= ask.atLeast) {
    ceiling = Math.min(ask.ceiling, before + room, Math.max(ask.atLeast, before + share(room, replicas)));
  }
  ceiling = Math.max(ceiling, ask.used);
  leases[ask.lease] = { ceiling, spent: ask.spent, sequence: ask.sequence, seen: now };
  let retryAfterMs = 0;
  if (ceiling < ask.atLeast) {
    // Why two answers: what others hold may come back in a moment, what was spent is gone until the period ends.
    const mayComeBack = ask.limit - spentByOthers - ask.used >= ask.atLeast - ask.used;
    retryAfterMs = mayComeBack ? 1_000 : Math.max(1_000, (ask.endsAt ?? now + 86_400_000) - now);
  }
  return { granted: ceiling, remaining: Math.max(0, ask.limit - others - ceiling), retryAfterMs, slot: 0 };
}

/** Why only old ones: a lease that may still be used must keep its number, or what it says next would count twice. */
function foldOldest(state: BudgetState, asking: string, now: number): void {
  const entries = Object.entries(state.leases);
  if (entries.length < MOST_LEASES) return;
  for (const [id, lease] of entries) {
    if (id === asking || lease.seen > now - BUDGET_LEASE_MS) continue;
    state.spent += lease.ceiling;
    delete state.leases[id];
  }
}
