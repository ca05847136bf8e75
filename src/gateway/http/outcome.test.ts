import { expect, test } from 'vitest';
import { outcomeOfAnswer, outcomeOfError } from './outcome.ts';

test.each([
  ['request.invalid', 'refused'],
  ['access.unauthenticated', 'refused'],
  ['access.denied', 'refused'],
  ['file.missing', 'refused'],
  ['model.missing', 'refused'],
  ['input.too-large', 'refused'],
  ['gateway.refused', 'blocked'],
  ['gateway.stopped', 'blocked'],
  ['gateway.limited', 'limited'],
  ['gateway.unavailable', 'failed'],
  ['storage.busy', 'failed'],
  ['storage.unavailable', 'failed'],
  ['upstream.failed', 'failed'],
  ['upstream.late', 'failed'],
  ['internal.bug', 'failed'],
] as const)('%s is %s', (code, outcome) => expect(outcomeOfError(code)).toBe(outcome));

test.each([
  [200, 'served'],
  [400, 'refused'],
  [404, 'refused'],
  [413, 'refused'],
  [422, 'refused'],
  [408, 'failed'],
  [429, 'failed'],
  [500, 'failed'],
  [529, 'failed'],
] as const)('an answer with status %d is %s', (status, outcome) => expect(outcomeOfAnswer(status)).toBe(outcome));
