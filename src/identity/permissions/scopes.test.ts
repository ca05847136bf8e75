import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Action } from '../../core/access-config.ts';
import { contains, parseNetwork } from '../addresses/ip-set.ts';
import { covers, globSet, intersectGlobs } from './globs.ts';
import { intersectLimits } from './key-limits.ts';
import { compileScopes, intersectScopes, isForGateway, parseScopes } from './scopes.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 0, maxLength: 5 });
const glob = fc
  .array(text, { minLength: 1, maxLength: 3 })
  .map((pieces) => pieces.join('*'))
  .filter((pattern) => pattern !== '');
const globs = fc.array(glob, { maxLength: 4 });
const name = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });

/** What a glob means, slowly. */
function matches(pattern: string, sample: string): boolean {
  if (pattern === '') return sample === '';
  if (pattern[0] === '*') return matches(pattern.slice(1), sample) || (sample !== '' && matches(pattern, sample.slice(1)));
  return sample !== '' && pattern[0] === sample[0] && matches(pattern.slice(1), sample.slice(1));
}

test('globs match what they say', () => {
  fc.assert(
    fc.property(globs, name, (patterns, sample) => {
      expect(globSet(patterns)(sample)).toBe(patterns.some((pattern) => matches(pattern, sample)));
    }),
    { numRuns: 5_000 },
  );
});

test('what covers a glob matches all that it matches', () => {
  fc.assert(
    fc.property(glob, glob, name, (outer, inner, sample) => {
      if (covers(outer, inner) && matches(inner, sample)) expect(matches(outer, sample)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

test('an intersection of globs matches nothing that not both match, and all of it where stars end the names', () => {
  fc.assert(
    fc.property(globs, globs, name, (first, second, sample) => {
      const both = globSet(first)(sample) && globSet(second)(sample);
      const met = globSet(intersectGlobs(first, second))(sample);
      if (met) expect(both).toBe(true);
      const simple = [...first, ...second].every((pattern) => !pattern.slice(0, -1).includes('*'));
      if (simple) expect(met).toBe(both);
    }),
    { numRuns: 5_000 },
  );
});

test('a glob of many stars takes no long time', () => {
  const started = performance.now();
  expect(globSet([`${'a*'.repeat(99)}b`])('a'.repeat(200))).toBe(false);
  expect(performance.now() - started).toBeLessThan(50);
});

test('a key that names models, routes or tools reaches these and nothing else', () => {
  const allows = compileScopes(parseScopes({ models: ['gpt-*', 'llama'], tools: [] }));
  const invoke = (object: string, action: Action = 'invoke'): boolean => allows(action, object);
  expect([invoke('model:gpt-5'), invoke('model:llama'), invoke('model:claude'), invoke('route:/v1/chat')]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  expect([invoke('tool:search'), invoke('acme/bert', 'read'), invoke('acme', 'write'), invoke('*', 'admin')]).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(invoke('datasets:x')).toBe(false);
  const routes = compileScopes(parseScopes({ routes: ['/v1/*'] }));
  expect([routes('invoke', 'route:/v1/chat'), routes('invoke', 'route:/anthropic/v1/messages'), routes('invoke', 'model:x')]).toEqual([
    true,
    false,
    true,
  ]);
});

test('what makes a key one of the gateway', () => {
  expect([{}, { actions: [] }, { ips: [] }].map((scopes) => isForGateway(parseScopes(scopes)))).toEqual([false, false, false]);
  const own = [{ models: [] }, { routes: ['*'] }, { tools: [] }, { profile: 'strict' }, { limits: {} }, { seesOriginals: false }];
  expect(own.every((scopes) => isForGateway(parseScopes(scopes)))).toBe(true);
});

test('scopes that nobody knows, or that are none, are refused', () => {
  const wrong: object[] = [
    { allowed_routes: ['*'] },
    { user_role: 'admin' },
    { models: ['a b'] },
    { models: [''] },
    { models: 'gpt-5' },
    { ips: ['10.0.0.1.2'] },
    { ips: ['::1::2'] },
    { ips: ['localhost'] },
    { profile: 'Strict!' },
    { limits: { requests: 5 } },
    { limits: { bugdet: { usd: 5, per: 'day' } } },
    { seesOriginals: 'yes' },
    { __proto__: null, constructor: ['x'] },
  ];
  for (const scopes of wrong) expect(() => parseScopes(scopes), JSON.stringify(scopes)).toThrow(/scopes|no address/);
});

test('addresses of both', () => {
  const range = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`);
  fc.assert(
    fc.property(fc.array(range, { maxLength: 4 }), fc.array(range, { maxLength: 4 }), fc.ipV4(), (first, second, ip) => {
      const isIn = (ranges: readonly string[]): boolean => ranges.some((one) => contains(parseNetwork(one), parseNetwork(ip)));
      const met = intersectScopes(parseScopes({ ips: first }), parseScopes({ ips: second })).ips!;
      expect(isIn(met)).toBe(isIn(first) && isIn(second));
    }),
  );
});

test('limits, profile and sight are never more than those of the issuer', () => {
  const issuer = parseScopes({ profile: 'strict', limits: { requests: { count: 10, per: 'minute' }, concurrency: 2 } });
  const wanted = parseScopes({
    profile: 'lax',
    seesOriginals: true,
    limits: { requests: { count: 99, per: 'minute' }, budget: { usd: 5, per: 'day' } },
  });
  expect(intersectScopes(wanted, issuer)).toEqual({
    profile: 'strict',
    limits: { requests: { count: 10, per: 'minute' }, concurrency: 2, budget: { usd: 5, per: 'day', timezone: 'UTC' } },
  });
  expect(() => intersectLimits({ requests: { count: 1, per: 'day' } }, { requests: { count: 1, per: 'hour' } })).toThrow('compared');
});
