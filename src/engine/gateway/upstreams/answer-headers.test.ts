import { expect, test } from 'vitest';
import { passedHeaders } from './answer-headers.ts';

const COMMON = {
  'content-type': 'application/json; charset=utf-8',
  'retry-after': '3',
  'retry-after-ms': '2500.5',
  'x-should-retry': 'true',
};
const OPENAI = { 'x-request-id': 'req_abc', 'openai-processing-ms': '12', 'openai-version': '2020-10-01' };
const ANTHROPIC = { 'request-id': 'req_011CS' };
const NEVER = {
  'set-cookie': ['__cf_bm=x'],
  server: 'cloudflare',
  'cf-ray': 'x',
  'openai-organization': 'org-operator',
  'openai-project': 'proj-operator',
  'anthropic-organization-id': 'x',
  'x-ratelimit-remaining-requests': '9999',
  'anthropic-ratelimit-requests-remaining': '999',
  'access-control-allow-origin': '*',
  'content-range': 'bytes 0-1/2',
  location: 'https://evil.example/',
  'www-authenticate': 'Bearer',
  'x-whatever': 'text',
};

test.each([
  ['openai', 'openai', { ...COMMON, ...OPENAI }],
  ['anthropic', 'anthropic', { ...COMMON, ...ANTHROPIC }],
  ['anthropic', 'openai', { ...COMMON, 'x-request-id': 'req_011CS' }],
  ['openai', 'anthropic', { ...COMMON, 'request-id': 'req_abc' }],
] as const)('of an answer in the protocol of %s a client of %s gets %j', (from, to, expected) => {
  expect(passedHeaders({ ...COMMON, ...OPENAI, ...ANTHROPIC, ...NEVER }, from, to)).toEqual(expected);
});

test.each([
  ['x-request-id', 'mail ann.smith@example.com'],
  ['x-request-id', 'x'.repeat(300)],
  ['openai-processing-ms', 'soon'],
  ['retry-after', 'never'],
  ['content-disposition', 'attachment; filename="ann smith.pdf"'],
  ['content-type', 'text/html\u00e4'],
] as const)('the header %s is left out as %j', (name, value) => {
  expect(passedHeaders({ [name]: value }, 'openai', 'openai')).toEqual({});
});

test('a date to wait for is passed', () => {
  const date = { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' };
  expect(passedHeaders(date, 'openai', 'openai')).toEqual(date);
});
