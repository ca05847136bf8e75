import type { BudgetPeriod } from '../../../core/gateway-limits-config.ts';

/** A period of a budget: its first day, and when the next one begins (epoch milliseconds; null for never). */
export interface Period {
  readonly name: string;
  readonly endsAt: number | null;
}

/** The period, in UTC, that a moment is in. Weeks begin on Monday. */
export function periodAt(per: BudgetPeriod, now: number): Period {
  if (per === 'total') return { name: 'total', endsAt: null };
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const first = per === 'month' ? 1 : per === 'week' ? day - ((date.getUTCDay() + 6) % 7) : day;
  const start = Date.UTC(year, month, first);
  const endsAt = per === 'month' ? Date.UTC(year, month + 1, 1) : Date.UTC(year, month, first + (per === 'week' ? 7 : 1));
  return { name: new Date(start).toISOString().slice(0, 10), endsAt };
}
