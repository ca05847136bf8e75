import { describe, expect, test } from 'vitest';
import { signed } from './sigv4.ts';

const identity = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' };
const scope = { identity, region: 'us-east-1', service: 'service', now: new Date('2015-08-30T12:36:00Z') };
const HOST = 'https://example.amazonaws.com';

function signatureOf(request: { method?: string; url?: string; headers?: Record<string, string>; body?: string }): string | undefined {
  const { authorization } = signed({ method: 'GET', url: `${HOST}/`, headers: {}, body: '', ...request }, scope);
  return authorization?.split('Signature=')[1];
}

/** Names and signatures of the test suite that AWS publishes. */
describe('published test vectors', () => {
  test.each<[string, Parameters<typeof signatureOf>[0], string]>([
    ['get-vanilla', {}, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
    [
      'get-vanilla-query-order-key-case',
      { url: `${HOST}/?Param2=value2&Param1=value1` },
      'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
    ],
    [
      'get-header-key-duplicate',
      { headers: { 'my-header1': 'value2,value2,value1' } },
      'c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea',
    ],
    [
      'get-header-value-multiline',
      { headers: { 'my-header1': 'value1,value2,value3' } },
      'ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790',
    ],
    [
      'get-header-value-trim',
      { headers: { 'my-header1': ' value1', 'my-header2': ' "a   b   c"' } },
      'acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736',
    ],
    [
      'get-unreserved',
      { url: `${HOST}/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz` },
      '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
    ],
    ['post-vanilla', { method: 'POST' }, '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
    [
      'post-x-www-form-urlencoded',
      { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'Param1=value1' },
      'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
    ],
  ])('%s', (_name, request, signature) => expect(signatureOf(request)).toBe(signature));
});

test('a session token is sent and signed', () => {
  const session = { ...scope, identity: { ...identity, sessionToken: 'token/+=' } };
  const headers = signed({ method: 'POST', url: `${HOST}/`, headers: {}, body: '{}' }, session);
  expect(headers['x-amz-security-token']).toBe('token/+=');
  expect(headers.authorization).toContain('SignedHeaders=host;x-amz-date;x-amz-security-token');
});

test('a path that is encoded already is encoded once more, as services other than S3 demand', () => {
  const once = signatureOf({ url: `${HOST}/guardrail/arn%3Aaws%3Aa/version/1` });
  expect(once).not.toBe(signatureOf({ url: `${HOST}/guardrail/arn:aws:a/version/1` }));
});
