import { expect, test } from 'vitest';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import { FailureLog } from './failure-log.ts';

function decision(failures: readonly string[], judges: readonly string[] = []): GuardDecision {
  return {
    effect: 'block',
    verdict: 'blocked',
    score: 0,
    detections: [],
    reasons: [],
    modelDigest: 'none',
    policyDigest: 'none',
    failures,
    judges: judges.map((id) => ({ id, status: 'failed' as const })),
  };
}

test('what fails is told with its reason, then once a minute with how often', () => {
  const told: unknown[] = [];
  let now = 1_000_000;
  const log = new FailureLog({ info: () => {}, warn: (fields) => told.push(fields), error: () => {} }, () => now);
  log.note(decision([]));
  for (let i = 0; i < 5; i++) log.note(decision(['outside: gave no answer in time'], ['outside']));
  now += 60_000;
  log.note(decision(['outside: gave no answer in time'], ['outside']));
  const one = { part: 'outside', reason: 'gave no answer in time', effect: 'block' };
  expect(told).toEqual([one, { ...one, failuresSinceLast: 4 }]);
});

test('the error of a detector, which may quote the text, is not told', () => {
  const told: unknown[] = [];
  const log = new FailureLog({ info: () => {}, warn: (fields) => told.push(fields), error: () => {} }, () => 0);
  log.note(decision(['pii: no JSON: my password', 'My secret: is out', 'no colon']));
  expect(told).toEqual([
    { part: 'pii', effect: 'block' },
    { part: 'guard', effect: 'block' },
  ]);
});
