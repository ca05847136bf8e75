import { expect, test } from 'vitest';
import { describedTools } from './described-tools.ts';
import { FIRST_USE, type Pin, reviewPin, type Shown } from './pin-review.ts';

const shown = (more: Partial<Shown> = {}): Shown => ({ name: 't', digest: 'a', text: '{}', problem: undefined, isRefused: false, ...more });
const pin = (more: Partial<Pin> = {}): Pin => ({ digest: 'a', acceptedBy: FIRST_USE, pendingDigest: null, pendingAt: null, ...more });
const review = (
  known: Pin | undefined,
  one: Shown,
  { mode = 'first-use' as 'first-use' | 'required', tools = {}, first = false } = {},
): string => {
  const verdict = reviewPin(known, one, 's', { mode, tools }, first);
  return verdict.kind === 'waits' ? verdict.why : verdict.kind;
};

test('the first list is accepted, unless something is wrong with it', () => {
  expect(review(undefined, shown(), { first: true })).toBe('first');
  expect(review(undefined, shown({ problem: 'has invisible characters' }), { first: true })).toBe('has invisible characters');
  expect(review(undefined, shown({ isRefused: true }), { first: true })).toBe('is refused by the guard');
  expect(review(undefined, shown({ digest: '', problem: 'cannot be read' }), { first: true })).toBe('cannot be read');
  expect(review(undefined, shown(), { first: true, mode: 'required' })).toBe('is not pinned');
});

test('afterwards whatever is new or another waits', () => {
  expect(review(undefined, shown())).toBe('is new');
  expect(review(pin(), shown())).toBe('accepted');
  expect(review(pin(), shown({ digest: 'b' }))).toBe('is described differently than before');
  expect(review(pin({ acceptedBy: 'ann' }), shown({ digest: 'b' }))).toBe('is described differently than before');
  expect(review(pin({ digest: null, pendingDigest: 'a' }), shown())).toBe('has not been approved');
});

test('what somebody read is accepted whatever the guard says; what nobody read must still please it', () => {
  expect(review(pin({ acceptedBy: 'ann' }), shown({ isRefused: true, problem: 'odd' }))).toBe('accepted');
  expect(review(pin(), shown({ isRefused: true }))).toBe('is refused by the guard');
  expect(review(pin(), shown(), { mode: 'required' })).toBe('is not pinned');
  expect(review(pin({ acceptedBy: 'ann' }), shown(), { mode: 'required' })).toBe('accepted');
});

test('what cordon.yaml says counts before everything else', () => {
  expect(review(undefined, shown({ isRefused: true }), { mode: 'required', tools: { 's/t': 'a' } })).toBe('accepted');
  expect(review(pin(), shown(), { tools: { 's/t': 'b' } })).toBe('is not described as pinned');
  expect(review(pin({ acceptedBy: 'ann' }), shown({ digest: 'a' }), { tools: { 's/t': 'b' } })).toBe('accepted');
});

test('digests are of everything that a model sees; the order of keys does not matter', () => {
  const tool = { name: 't', description: 'd', inputSchema: { type: 'object', properties: {} }, annotations: { readOnlyHint: true } };
  const [one] = describedTools('s', [tool]);
  const [same] = describedTools('s', [Object.fromEntries(Object.entries(tool).toReversed())]);
  expect(one!.digest).toMatch(/^[0-9a-f]{64}$/);
  expect(same!.digest).toBe(one!.digest);
  for (const other of [
    { ...tool, description: 'e' },
    { ...tool, title: 'x' },
    { ...tool, inputSchema: { type: 'object', properties: { a: {} } } },
    { ...tool, outputSchema: {} },
    { ...tool, annotations: { readOnlyHint: false } },
  ])
    expect(describedTools('s', [other])[0]!.digest).not.toBe(one!.digest);
});

test('names twice, odd names, hidden characters and what is no tool are problems', () => {
  const [first, second] = describedTools('s', [
    { name: 't', description: 'a' },
    { name: 't', description: 'b' },
  ]);
  expect([first!.problem, second!.problem]).toEqual(['is described twice', 'is described twice']);
  expect(describedTools('s', [{ name: 'a b' }])[0]!.problem).toContain('characters');
  expect(describedTools('s', [{ name: 't', description: 'plain\u{e0041}' }])[0]!.problem).toContain('invisible');
  for (const odd of [null, 'tool', 7, [], { name: {} }]) expect(describedTools('s', [odd])[0]!.problem, JSON.stringify(odd)).toBeDefined();
});
