import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { identityToken, type SigstoreServices, startSigstore } from '../../../test/makers/sigstore-services.ts';
import { IN_TOTO_PAYLOAD } from '../oms/statement.ts';
import { sigstoreSeal } from './seal-sigstore.ts';
import type { TrustPolicy } from './trust-policy.ts';
import { publicTrustedRoot, readTrustedRoot } from './trusted-root.ts';
import { verifyBundle } from './verify-bundle.ts';

const ISSUER = 'https://ci.example';
const SIGNER = 'release@example.com';
const payload = Buffer.from('{"a":1}');

let services: SigstoreServices;
let bundle: Buffer;
let policy: TrustPolicy;

async function signed(from: SigstoreServices, subject = SIGNER): Promise<Buffer> {
  const { url } = from;
  const seal = sigstoreSeal({ fulcioUrl: url, rekorUrl: url, tsaUrl: url, identityToken: identityToken(subject, ISSUER) });
  return Buffer.from(await seal(IN_TOTO_PAYLOAD, payload));
}

beforeAll(async () => {
  services = await startSigstore();
  bundle = await signed(services);
  policy = { identities: [{ identity: SIGNER, issuer: ISSUER }], sigstore: readTrustedRoot(services.trustedRoot) };
});
afterAll(() => services.close());

describe('keyless', () => {
  test('a signature of a trusted identity holds, offline', async () => {
    expect(await verifyBundle(bundle, policy)).toMatchObject({
      payload,
      signer: { method: 'sigstore', identity: SIGNER, issuer: ISSUER },
      time: { basis: 'transparency-log' },
    });
  });

  test.each([
    ['another identity', { identity: 'other@example.com', issuer: ISSUER }],
    ['part of the identity', { identity: 'elease@example.co', issuer: ISSUER }],
    ['another issuer', { identity: SIGNER, issuer: 'https://ci.example.evil' }],
    ['a dot that stands for anything', { identity: 'release@example.com'.replace('.', 'x'), issuer: ISSUER }],
  ])('%s is not trusted', async (_name, identity) => {
    await expect(verifyBundle(bundle, { ...policy, identities: [identity] })).rejects.toMatchObject({ code: 'signature.untrusted' });
  });

  test('a star stands for anything but a slash', async () => {
    const matching = { ...policy, identities: [{ identity: '*@example.com', issuer: ISSUER }] };
    expect(await verifyBundle(bundle, matching)).toMatchObject({ signer: { identity: SIGNER } });
    const other = await signed(services, 'a/b@example.com');
    await expect(verifyBundle(other, matching)).rejects.toMatchObject({ code: 'signature.untrusted' });
  });

  test('without identities nobody is trusted', async () => {
    await expect(verifyBundle(bundle, { sigstore: readTrustedRoot(services.trustedRoot) })).rejects.toMatchObject({
      code: 'signature.untrusted',
    });
  });

  test('another instance is not trusted', async () => {
    const other = await startSigstore();
    await other.close();
    const elsewhere = { ...policy, sigstore: readTrustedRoot(other.trustedRoot) };
    await expect(verifyBundle(bundle, elsewhere)).rejects.toMatchObject({ code: 'signature.invalid' });
    await expect(verifyBundle(bundle, { ...policy, sigstore: await publicTrustedRoot() })).rejects.toMatchObject({
      code: 'signature.invalid',
    });
  });

  test.each([
    ['payload', (json: Json) => (json.dsseEnvelope.payload = Buffer.from('{"a":2}').toString('base64'))],
    ['log entry', (json: Json) => (json.verificationMaterial.tlogEntries[0].integratedTime = '1700000000')],
    ['log entry body', (json: Json) => (json.verificationMaterial.tlogEntries[0].canonicalizedBody = Buffer.from('{}').toString('base64'))],
    ['payload type', (json: Json) => (json.dsseEnvelope.payloadType = 'text/plain')],
  ])('a changed %s is refused', async (_name, change) => {
    const json = JSON.parse(bundle.toString()) as Json;
    change(json);
    await expect(verifyBundle(Buffer.from(JSON.stringify(json)), policy)).rejects.toMatchObject({ code: /^signature\./ });
  });

  test('without its log entry it is a certificate of an authority nobody pinned', async () => {
    const json = JSON.parse(bundle.toString()) as Json;
    json.verificationMaterial.tlogEntries = [];
    await expect(verifyBundle(Buffer.from(JSON.stringify(json)), policy)).rejects.toMatchObject({ code: 'signature.untrusted' });
  });
});

interface Json {
  dsseEnvelope: Record<string, string>;
  // oxlint-disable-next-line typescript/no-explicit-any
  verificationMaterial: any;
}

test('the public trusted root is the published one', async () => {
  const file = readFileSync(fileURLToPath(new URL('roots/sigstore-public.json', import.meta.url)));
  const notice = readFileSync(fileURLToPath(new URL('roots/README.md', import.meta.url)), 'utf8');
  expect(notice).toContain(createHash('sha256').update(file).digest('hex'));
  const root = await publicTrustedRoot();
  expect([root.tlogs.length, root.certificateAuthorities.length, root.ctlogs.length, root.timestampAuthorities.length]).toEqual([
    2, 2, 2, 1,
  ]);
});
