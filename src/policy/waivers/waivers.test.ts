import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WaiverPolicy } from '../../core/config.ts';
import type { Finding } from '../../core/finding.ts';
import type { Waiver } from '../../core/waiver.ts';
import { applyWaivers } from './apply.ts';
import { parseInlineWaivers } from './inline.ts';

const TODAY = '2026-03-01';

function finding(given: Partial<Finding> = {}): Finding {
  return {
    id: 'f1',
    rule: 'pickle.dangerous-call',
    severity: 'critical',
    message: 'm',
    location: { path: 'models/a.pt' },
    key: 'posix.system',
    fingerprint: 'fp/v1:1',
    contentFingerprint: 'fp/v1:2',
    evidence: {},
    fix: '',
    maps: [],
    ...given,
  };
}

function waiver(given: Partial<Waiver> = {}): Waiver {
  return { id: 'W1', rule: 'pickle.dangerous-call', reason: 'r', owner: 'ml@example.org', expires: '2026-04-30', ...given };
}

function applied(waivers: readonly Waiver[], findings: readonly Finding[], policy: Partial<WaiverPolicy> = {}): string {
  const artifacts = [{ path: 'models/a.pt', sha256: 'ab' }];
  const result = applyWaivers({ findings, artifacts, waivers, policy: WaiverPolicy.parse(policy), today: TODAY });
  const suppressed = result.findings.filter((one) => one.suppressed !== undefined).map(({ id }) => id);
  return `${result.statuses.map(({ status }) => status).join(',')} ${suppressed.join(',')}`.trim();
}

test('a covered finding stays and says who waived it, why and until when', () => {
  const { findings, statuses } = applyWaivers({
    findings: [finding()],
    artifacts: [],
    waivers: [waiver()],
    policy: WaiverPolicy.parse({}),
    today: TODAY,
  });
  expect(findings[0]?.suppressed).toEqual({ waiver: 'W1', reason: 'r', owner: 'ml@example.org', expires: '2026-04-30', kind: 'external' });
  expect(statuses).toEqual([
    { id: 'W1', status: 'active', message: 'until 2026-04-30 (ml@example.org)', expires: '2026-04-30', findings: ['f1'] },
  ]);
});

test.each<[string, Partial<Waiver>, string]>([
  ['the whole family', { rule: 'pickle.*' }, 'active f1'],
  ['every rule', { rule: '*' }, 'active f1'],
  ['a longer name is another rule', { rule: 'pickle.dangerous' }, 'unmatched'],
  ['its path', { path: 'models/*.pt' }, 'active f1'],
  ['another path', { path: '*.pt' }, 'unmatched'],
  ['its key', { key: 'posix.system' }, 'active f1'],
  ['another key', { key: 'os.system' }, 'unmatched'],
  ['its fingerprint', { fingerprint: 'fp/v1:1' }, 'active f1'],
  ['another fingerprint', { fingerprint: 'fp/v1:2' }, 'unmatched'],
  ['its digest', { sha256: 'AB' }, 'active f1'],
  ['another digest', { sha256: 'cd' }, 'unmatched'],
  ['its last day', { expires: TODAY }, 'near-expiry f1'],
  ['the day after', { expires: '2026-02-28' }, 'expired'],
  ['near its end', { expires: '2026-03-15' }, 'near-expiry f1'],
  ['not yet near its end', { expires: '2026-03-16' }, 'active f1'],
  ['90 days by default', { expires: undefined, created: '2026-02-01' } as object, 'active f1'],
  ['90 days are over', { expires: undefined, created: '2025-11-01' } as object, 'expired'],
  ['too long', { expires: '2028-01-01' }, 'refused'],
  ['too long since its creation', { created: '2025-01-01', expires: '2026-04-01' }, 'refused'],
  ['created in the future to last longer', { created: '2027-01-01', expires: '2027-06-01' }, 'refused'],
])('%s', (_name, given, expected) => {
  expect(applied([waiver(given)], [finding()])).toBe(expected);
});

test.each([
  ['pickle.*', 'pickle.dangerous-call', 'refused'],
  ['pickle.dangerous-call', 'pickle.*', 'refused'],
  ['pickle.dangerous-call', '*', 'refused'],
  ['pickle.dangerous-call', 'gguf.*', 'active f1'],
])('forbidden %s, waived %s', (forbidden, rule, expected) => {
  expect(applied([waiver({ rule })], [finding()], { forbid: [forbidden] }).replace('unmatched', 'active f1')).toBe(expected);
});

test('an expired waiver says how many findings count again', () => {
  const { statuses } = applyWaivers({
    findings: [finding(), finding({ id: 'f2' })],
    artifacts: [],
    waivers: [waiver({ expires: '2026-01-01' })],
    policy: WaiverPolicy.parse({}),
    today: TODAY,
  });
  expect(statuses[0]?.message).toBe('expired on 2026-01-01 (ml@example.org): 2 findings count again');
});

test('the next waiver counts where the first is over', () => {
  expect(applied([waiver({ expires: '2026-01-01' }), waiver({ id: 'W2' })], [finding()])).toBe('expired,active f1');
});

describe('comments', () => {
  const source = [
    '# cordon: allow python.eval reason="trusted input" owner=ml expires=2026-04-01',
    'eval(x)',
    'eval(y)',
    'eval(z)  # cordon: allow python.eval reason=\'also "trusted"\' owner="a b" expires="2026-04-01"',
    '{#- cordon: allow-file jinja.* reason="ours" owner=me expires=2026-04-01 #}',
    'a#cordon: allow python.eval reason=x owner=x expires=2026-04-01',
    'text = "cordon: allow python.eval"',
    '# cordon: allow python.eval owner=me',
    '# cordon: allow python.eval reason=x owner=me expires=tomorrow',
  ].join('\r\n');
  const inline = parseInlineWaivers('a.py', source);

  test('are read with line, scope and attributes', () => {
    expect(inline.map(({ line, scope, rule, reason, owner }) => [line, scope, rule, reason, owner])).toEqual([
      [1, 'line', 'python.eval', 'trusted input', 'ml'],
      [4, 'line', 'python.eval', 'also "trusted"', 'a b'],
      [5, 'file', 'jinja.*', 'ours', 'me'],
      [8, 'line', 'python.eval', undefined, 'me'],
      [9, 'line', 'python.eval', 'x', 'me'],
    ]);
  });

  test('cover their line and the next, or the whole file', () => {
    const at = (id: string, line: number | undefined, rule = 'python.eval', path = 'a.py'): Finding =>
      finding({ id, rule, location: { path, ...(line !== undefined && { line }) } });
    const { findings, statuses } = applyWaivers({
      findings: [
        at('f1', 2),
        at('f2', 3),
        at('f3', 4),
        at('f4', 9),
        at('f5', undefined, 'jinja.ssti'),
        at('f6', undefined),
        at('f7', 2, 'python.eval', 'b.py'),
      ],
      artifacts: [],
      waivers: [],
      inline,
      policy: WaiverPolicy.parse({}),
      today: TODAY,
    });
    expect(
      findings.flatMap(({ id, suppressed }) => (suppressed === undefined ? [] : [`${id} ${suppressed.waiver} ${suppressed.kind}`])),
    ).toEqual(['f1 a.py:1 inline', 'f3 a.py:4 inline', 'f5 a.py:5 inline']);
    expect(statuses.map(({ status, message }) => (status === 'refused' ? message : status))).toEqual([
      'active',
      'active',
      'active',
      'refused: it has no reason, no expiry date',
      'refused: tomorrow is not a date',
    ]);
  });

  test('any text is read, in bounded time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('# cordon: allow ', 'reason=', '"', "'", ' ', 'a.b', '=', '\n', '{#')), (parts) => {
        for (const { line, rule } of parseInlineWaivers('x', parts.join(''))) expect([line > 0, rule !== '']).toEqual([true, true]);
      }),
    );
    expect(parseInlineWaivers('x', '# cordon: allow a.b reason="r" owner=o expires=2026-01-01\n'.repeat(5_000))).toHaveLength(200);
  });
});
