import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACTIONS, type Action } from '../../core/access-config.ts';
import { compilePrincipal, type Principal, type RoleGrant } from '../permission.ts';
import { compileRoles } from './roles.ts';
import { intersectScopes, parseScopes, type Scopes } from './scopes.ts';

const OBJECTS = ['*', 'acme', 'acme/bert', 'acme/gpt', 'other', 'other/bert', 'model:gpt-5', 'model:*', 'route:/v1/chat'];
const roles = compileRoles({ promoter: ['promote'] });

function principal(grants: readonly RoleGrant[], scopes: Scopes = {}): Principal {
  const credential = { kind: 'token', id: 't', scopes, expiresAt: null } as const;
  return compilePrincipal({ id: 'p', name: 'p', kind: 'user', groups: [], credential, grants }, roles);
}

const allowed = (who: Principal): Set<string> =>
  new Set(OBJECTS.flatMap((object) => ACTIONS.filter((action) => who.can(action, object)).map((action) => `${action} ${object}`)));

const grant = fc.record({
  role: fc.constantFrom('reader', 'contributor', 'approver', 'admin', 'promoter', 'no-such-role'),
  object: fc.constantFrom(...OBJECTS),
});
const scope: fc.Arbitrary<Scopes> = fc
  .record(
    {
      actions: fc.subarray([...ACTIONS]),
      namespaces: fc.subarray(['acme', 'other']),
      repositories: fc.subarray(['acme/bert', 'acme/gpt', 'other/bert']),
    },
    { requiredKeys: [] },
  )
  .map((value) => parseScopes(value));

test('nobody may anything without a role', () => {
  expect(allowed(principal([]))).toEqual(new Set());
  expect(allowed(principal([{ role: 'no-such-role', object: '*' }]))).toEqual(new Set());
});

test('each built-in role may what the one before it may', () => {
  const sets = ['reader', 'contributor', 'approver', 'admin'].map((role) => allowed(principal([{ role, object: 'acme' }])));
  for (let index = 1; index < sets.length; index++) expect([...sets[index]!]).toEqual(expect.arrayContaining([...sets[index - 1]!]));
  expect(sets.map((set) => set.has('write acme/bert'))).toEqual([false, true, true, true]);
  expect(sets.map((set) => set.has('approve acme/bert'))).toEqual([false, false, true, true]);
  expect(sets.map((set) => set.has('admin acme'))).toEqual([false, false, false, true]);
  expect(sets.some((set) => set.has('read other') || set.has('read *') || set.has('invoke model:gpt-5'))).toBe(false);
});

test('a role counts where it is held and in what that contains', () => {
  const who = principal([
    { role: 'reader', object: 'acme/bert' },
    { role: 'promoter', object: 'other' },
    { role: 'reader', object: 'model:*' },
  ]);
  expect(allowed(who)).toEqual(
    new Set([
      'read acme/bert',
      'invoke acme/bert',
      'promote other',
      'promote other/bert',
      ...['model:gpt-5', 'model:*'].flatMap((model) => [`read ${model}`, `invoke ${model}`]),
    ]),
  );
  expect(who.rolesOn('other/bert')).toEqual(['promoter']);
});

test('names of Object.prototype are no roles, actions or objects', () => {
  const who = principal([
    { role: 'constructor', object: '__proto__' },
    { role: 'admin', object: 'acme' },
  ]);
  expect(who.can('constructor' as Action, 'acme')).toBe(false);
  expect(who.can('read', '__proto__')).toBe(false);
});

test('scopes only narrow, more grants only widen, intersecting is both', () => {
  fc.assert(
    fc.property(fc.array(grant, { maxLength: 5 }), grant, scope, scope, (grants, more, first, second) => {
      const whole = allowed(principal(grants));
      const one = allowed(principal(grants, first));
      const two = allowed(principal(grants, second));
      expect([...one].every((item) => whole.has(item))).toBe(true);
      const wider = allowed(principal([...grants, more], first));
      expect([...one].every((item) => wider.has(item))).toBe(true);
      const both = allowed(principal(grants, intersectScopes(first, second)));
      expect([...both].sort()).toEqual([...one].filter((item) => two.has(item)).sort());
    }),
    { numRuns: 500 },
  );
});

test('scopes that are not known are refused', () => {
  expect(() => parseScopes({ repos: ['a/b'] })).toThrow('Unrecognized key');
  expect(() => parseScopes({ actions: ['everything'] })).toThrow('actions');
  expect(() => parseScopes({ namespaces: ['a/b'] })).toThrow('namespaces');
  expect(() => parseScopes(null)).toThrow('scopes');
});

test('built-in roles cannot be defined again', () => {
  expect(() => compileRoles({ reader: ['admin'] })).toThrow('built in');
});
