import { expect, test } from 'vitest';
import { OidcIssuer } from '../../core/access-config.ts';
import { isService } from './is-service.ts';

const issuer = (more: object = {}) => OidcIssuer.parse({ issuer: 'https://id.example', audience: ['cordon'], ...more });

test.each<readonly [string, object, boolean]>([
  ['RFC 9068', { sub: 'ci', client_id: 'ci' }, true],
  ['Auth0', { sub: 'abc@clients', azp: 'abc', gty: 'client-credentials' }, true],
  ['Keycloak', { sub: '1f0c', azp: 'ci', preferred_username: 'service-account-ci' }, true],
  ['Entra', { sub: '1f0c', azp: 'd00d', idtyp: 'app' }, true],
  ['Kubernetes', { sub: 'system:serviceaccount:ml:train' }, true],
  ['a person', { sub: '1f0c', azp: 'console', preferred_username: 'ann' }, false],
  ['a person whose client says nothing', { sub: 'ann' }, false],
])('%s', (_name, claims, expected) => {
  expect(isService({ ...claims }, issuer())).toBe(expected);
});

test('the configuration decides what an issuer leaves open', () => {
  const workflow = { sub: 'repo:acme/train:ref:refs/heads/main', repository: 'acme/train' };
  expect(isService(workflow, issuer())).toBe(false);
  expect(isService(workflow, issuer({ serviceClaims: { repository: ['*'] } }))).toBe(true);
  const people = issuer({ personClaims: { amr: ['pwd', 'hwk'] } });
  expect(isService({ sub: 'x', amr: ['hwk'] }, people)).toBe(false);
  expect(isService({ sub: 'x' }, people)).toBe(true);
  expect(isService({ sub: 'x', constructor: 'x' }, issuer({ serviceClaims: { toString: ['*'] } }))).toBe(false);
});
