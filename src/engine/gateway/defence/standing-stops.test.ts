import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ipSet, networkText, parseNetwork } from '../../../identity/addresses/ip-set.ts';
import { globSet } from '../../../identity/permissions/globs.ts';
import { allowList } from './allow-list.ts';
import { StandingStops } from './standing-stops.ts';
import { STOP_KINDS, type Stop, type StopSubject } from './stop.ts';

let ids = 0;
function stopOn(kind: Stop['kind'], value: string, changes: Partial<Stop> = {}): Stop {
  const id = `s${++ids}`;
  return {
    id,
    kind,
    value,
    label: value,
    effect: 'block',
    profile: null,
    reason: 'r',
    by: 'b',
    automatic: false,
    at: 0,
    expiresAt: null,
    ...changes,
  };
}

const word = fc.constantFrom('a', 'b', 'c', 'ab', 'abc');
const glob = fc.constantFrom('a', 'b', 'a*', '*b', '*', 'a*c');
const ip = fc.constantFrom('10.0.0.1', '10.0.9.9', '192.0.2.7', '2001:db8::1', '2001:db8:1::1');
const range = fc
  .constantFrom('10.0.0.1', '10.0.0.0/24', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::/64', '2001:db8::1', '::/0')
  .map((text) => networkText(parseNetwork(text)));
const stop: fc.Arbitrary<Stop> = fc
  .record({
    kind: fc.constantFrom(...STOP_KINDS.slice(1)),
    word,
    glob,
    range,
    automatic: fc.boolean(),
    expiresAt: fc.constantFrom(null, 5, 20),
  })
  .map(({ kind, automatic, expiresAt, ...values }) => {
    const value = kind === 'ip' ? values.range : ['model', 'tool', 'route'].includes(kind) ? values.glob : values.word;
    return stopOn(kind, value, { automatic, expiresAt });
  });
const subject: fc.Arbitrary<StopSubject> = fc.record(
  {
    key: fc.option(word),
    principal: word,
    teams: fc.array(word, { maxLength: 3 }),
    ip,
    model: word,
    tool: word,
    route: word,
    session: word,
  },
  { requiredKeys: [] },
);

/** Whether a stop is about the subject, one by one. */
function isAbout({ kind, value }: Stop, of: StopSubject): boolean {
  if (kind === 'everything') return true;
  if (kind === 'team') return of.teams?.includes(value) === true;
  const found = of[kind];
  if (found === undefined || found === null) return false;
  if (kind === 'ip') return ipSet([value])(found);
  return kind === 'model' || kind === 'tool' || kind === 'route' ? globSet([value])(found) : found === value;
}

test('finds a stop exactly when one is about the subject, after any adding and removing', () => {
  const isSpared = allowList(['10.0.9.0/24', 'key:c']);
  fc.assert(
    fc.property(fc.array(fc.tuple(stop, fc.boolean()), { maxLength: 12 }), subject, (all, of) => {
      const standing = new StandingStops();
      standing.spare(isSpared);
      for (const [one] of all) standing.put(one);
      for (const [one, isLifted] of all) if (isLifted) standing.remove(one.id);
      const left = all.filter(([, isLifted]) => !isLifted).map(([one]) => one);
      const counting = left.filter((one) => (one.expiresAt ?? 99) > 10 && isAbout(one, of) && !(one.automatic && isSpared(of)));
      const found = standing.find('block', of, 10);
      expect(found === undefined ? 0 : counting.filter(({ id }) => id === found.id).length).toBe(counting.length === 0 ? 0 : 1);
      expect(standing.find('tighten', of, 10)).toBeUndefined();
      expect(standing.automatic).toBe(left.filter(({ automatic }) => automatic).length);
    }),
    { numRuns: 1_000 },
  );
});

test('when one of two ends, the other goes on', () => {
  const standing = new StandingStops();
  const [short, long] = [stopOn('ip', '10.0.0.0/8', { expiresAt: 5 }), stopOn('ip', '10.0.0.0/8')];
  standing.put(short);
  standing.put(long);
  expect(standing.find('block', { ip: '10.1.1.1' }, 9)?.id).toBe(long.id);
  standing.expire(9);
  expect([standing.has(short.id), standing.has(long.id)]).toEqual([false, true]);
  standing.remove(long.id);
  expect(standing.find('block', { ip: '10.1.1.1' }, 9)).toBeUndefined();
});

test('names of Object.prototype are names', () => {
  const standing = new StandingStops();
  standing.put(stopOn('model', 'x'));
  for (const name of ['__proto__', 'constructor', 'toString'])
    expect(standing.find('block', { model: name, key: name, principal: name, teams: [name] }, 0)).toBeUndefined();
});
