import { expect, test } from 'vitest';
import { periodAt } from './calendar.ts';

const at = (text: string): number => Date.parse(text);

test('days, weeks from Monday, months and no end, in UTC', () => {
  const sunday = at('2026-03-01T23:59:59.999Z');
  expect(periodAt('day', sunday)).toEqual({ name: '2026-03-01', endsAt: at('2026-03-02T00:00:00Z') });
  expect(periodAt('week', sunday)).toEqual({ name: '2026-02-23', endsAt: at('2026-03-02T00:00:00Z') });
  expect(periodAt('month', sunday)).toEqual({ name: '2026-03-01', endsAt: at('2026-04-01T00:00:00Z') });
  expect(periodAt('month', at('2026-12-31T12:00:00Z'))).toEqual({ name: '2026-12-01', endsAt: at('2027-01-01T00:00:00Z') });
  expect(periodAt('week', at('2026-03-02T00:00:00Z')).name).toBe('2026-03-02');
  expect(periodAt('total', sunday)).toEqual({ name: 'total', endsAt: null });
});
