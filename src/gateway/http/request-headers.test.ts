import { expect, test } from 'vitest';
import { upstreamHeaders } from './request-headers.ts';

const SENT = {
  'content-type': 'application/json',
  accept: 'application/json',
  'openai-beta': 'assistants=v2',
  'anthropic-beta': 'context-management-2025-06-27,files-api-2025-04-14',
  'anthropic-version': '2023-06-01',
};
const NEVER = {
  authorization: 'Bearer cordon_x',
  'x-api-key': 'cordon_x',
  'api-key': 'cordon_x',
  cookie: 'a=b',
  host: 'evil.example',
  forwarded: 'for=10.0.0.1',
  'x-forwarded-for': '10.0.0.1',
  'x-real-ip': '10.0.0.1',
  'cf-connecting-ip': '10.0.0.1',
  'user-agent': 'ann-laptop/1.0',
  referer: 'https://intranet.example/',
  origin: 'https://intranet.example',
  'openai-organization': 'org-other',
  'openai-project': 'proj-other',
  'x-client-request-id': 'ann.smith@example.com',
  'x-stainless-os': 'Linux',
  'anthropic-dangerous-direct-browser-access': 'true',
  'x-cordon-session': 's',
  'accept-language': 'de',
  'x-whatever': 'text',
};

test.each([
  ['openai', ['content-type', 'accept', 'openai-beta']],
  ['anthropic', ['content-type', 'accept', 'anthropic-beta', 'anthropic-version']],
] as const)('of a client of %s only these headers are passed: %j', (family, expected) => {
  const passed = upstreamHeaders({ ...SENT, ...NEVER }, family, 'p');
  expect(Object.keys(passed)).toEqual(expected);
  for (const name of expected) expect(passed[name]).toBe(SENT[name]);
});

test.each([
  ['openai', 'openai-beta', 'mail ann.smith@example.com'],
  ['anthropic', 'anthropic-beta', 'a\tb'],
  ['anthropic', 'anthropic-beta', 'x'.repeat(2_000)],
  ['anthropic', 'anthropic-version', '2023-06-01, 2024-01-01'],
  ['openai', 'idempotency-key', 'a b'],
  ['anthropic', 'anthropic-workspace-id', 'wrkspc_1'],
  ['anthropic', 'anthropic-user-profile-id', 'uprof_1'],
  ['openai', 'idempotency-key', ''],
] as const)('%s: the header %s is refused as %j', (family, name, value) => {
  expect(() => upstreamHeaders({ [name]: value }, family, 'p')).toThrow(name);
});

test('a media type that is none is left out', () => {
  expect(upstreamHeaders({ accept: 'ann@example.com', 'content-type': 'a\u00e4' }, 'openai', 'p')).toEqual({});
});

test('a key against repetition is the same for the same caller and key, and never that of another caller', () => {
  const of = (principal: string, key: string) => upstreamHeaders({ 'idempotency-key': key }, 'openai', principal)['idempotency-key'];
  expect(of('ann', 'k')).toMatch(/^cordon-[0-9a-f]{64}$/);
  expect(of('ann', 'k')).toBe(of('ann', 'k'));
  expect(of('ann', 'k')).not.toBe(of('bob', 'k'));
  expect(of('ann', 'k')).not.toBe(of('ann', 'l'));
});
