import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SigstoreServices, startSigstore } from '../../../test/makers/sigstore-services.ts';
import { CODE_SIGNING, type CertificateWish, makeCertificate, makeChain, SERVER_AUTHENTICATION } from '../../../test/makers/x509.ts';
import { privateKeySigner } from '../../vault/private-key.ts';
import { certificateSeal, keySeal, type Stamp } from './seal.ts';
import { timestampFrom } from './timestamp.ts';
import { readTrustedRoot } from './trusted-root.ts';
import { verifyBundle } from './verify-bundle.ts';
import { bundleJson } from './write-bundle.ts';
import { preAuthEncoding } from './pae.ts';

const payload = Buffer.from('{}');
const TYPE = 'application/vnd.in-toto+json';
const day = (offset: number): Date => new Date(Date.now() + offset * 86_400_000);

function newSigner(namedCurve = 'prime256v1') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    privateKey,
    publicKey,
    signer: privateKeySigner(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), undefined, 'key'),
  };
}

let services: SigstoreServices;
let stamp: Stamp;
beforeAll(async () => {
  services = await startSigstore();
  stamp = timestampFrom(services.url);
});
afterAll(() => services.close());
const sigstore = () => readTrustedRoot(services.trustedRoot);

describe('method key', () => {
  test.each(['prime256v1', 'secp384r1', 'secp521r1'])('%s', async (curve) => {
    const { signer, publicKey } = newSigner(curve);
    const bundle = Buffer.from(await keySeal(signer)(TYPE, payload));
    const other = newSigner(curve);
    expect(await verifyBundle(bundle, { keys: [{ publicKey, name: 'a' }] })).toMatchObject({
      signer: { name: 'a' },
      time: { basis: 'clock' },
    });
    const untrusted = { code: 'signature.untrusted' };
    await expect(verifyBundle(bundle, { keys: [{ publicKey: other.publicKey, name: 'b' }] })).rejects.toMatchObject(untrusted);
    await expect(verifyBundle(bundle, {})).rejects.toMatchObject(untrusted);
    await expect(verifyBundle(bundle, { authorities: [makeChain().root.certificate] })).rejects.toMatchObject(untrusted);
  });

  test('the hint only picks: a bundle that names a trusted key but is signed by another is invalid', async () => {
    const [trusted, other] = [newSigner(), newSigner()];
    const json = JSON.parse(await keySeal(other.signer)(TYPE, payload));
    const honest = JSON.parse(await keySeal(trusted.signer)(TYPE, payload));
    json.verificationMaterial.publicKey.hint = honest.verificationMaterial.publicKey.hint;
    const policy = { keys: [{ publicKey: trusted.publicKey, name: 'a' }] };
    await expect(verifyBundle(Buffer.from(JSON.stringify(json)), policy)).rejects.toMatchObject({ code: 'signature.invalid' });
    delete json.verificationMaterial.publicKey.hint;
    await expect(verifyBundle(Buffer.from(JSON.stringify(json)), policy)).rejects.toMatchObject({ code: 'signature.invalid' });
    delete honest.verificationMaterial.publicKey.hint;
    expect(await verifyBundle(Buffer.from(JSON.stringify(honest)), policy)).toMatchObject({ signer: { name: 'a' } });
  });

  test('rotation: a key counts in its window, by a timestamp if there is one, else by the clock', async () => {
    const { signer, publicKey } = newSigner();
    const plain = Buffer.from(await keySeal(signer)(TYPE, payload));
    const stamped = Buffer.from(await keySeal(signer, stamp)(TYPE, payload));
    const retired = { publicKey, name: 'old', from: day(-10), until: day(-1) };
    const current = { publicKey, name: 'new', from: day(-1), until: day(1) };
    expect(await verifyBundle(plain, { keys: [current] })).toMatchObject({ time: { basis: 'clock' } });
    await expect(verifyBundle(plain, { keys: [retired] })).rejects.toMatchObject({ code: 'signature.untimed' });
    expect(await verifyBundle(plain, { keys: [retired], allowUntimed: true })).toMatchObject({ time: { basis: 'untimed', at: null } });
    const later = { sigstore: sigstore(), now: day(100) };
    expect(await verifyBundle(stamped, { keys: [current], ...later })).toMatchObject({ time: { basis: 'rfc3161' } });
    await expect(verifyBundle(stamped, { keys: [retired], ...later, allowUntimed: true })).rejects.toMatchObject({
      code: 'signature.untrusted',
    });
    await expect(verifyBundle(plain, { keys: [current], ...later })).rejects.toMatchObject({ code: 'signature.untimed' });
  });

  test('a timestamp over another signature, or by an authority nobody trusts, does not hold', async () => {
    const { signer, publicKey } = newSigner();
    const stamped = JSON.parse(await keySeal(signer, stamp)(TYPE, payload));
    const other = JSON.parse(await keySeal(signer, stamp)(TYPE, Buffer.from('[]')));
    stamped.verificationMaterial.timestampVerificationData = other.verificationMaterial.timestampVerificationData;
    const keys = [{ publicKey, name: 'a' }];
    const bundle = Buffer.from(JSON.stringify(stamped));
    await expect(verifyBundle(bundle, { keys, sigstore: sigstore() })).rejects.toMatchObject({ code: 'signature.invalid' });
    const stranger = await startSigstore();
    await stranger.close();
    const honest = Buffer.from(await keySeal(signer, stamp)(TYPE, payload));
    const policy = { keys, sigstore: readTrustedRoot(stranger.trustedRoot) };
    await expect(verifyBundle(honest, policy)).rejects.toMatchObject({ code: 'signature.invalid' });
    expect(await verifyBundle(honest, { keys })).toMatchObject({ time: { basis: 'clock' } });
  });

  test('an authority pinned by its chain proves the time too', async () => {
    const { signer, publicKey } = newSigner();
    const bundle = Buffer.from(await keySeal(signer, stamp)(TYPE, payload));
    const [authority] = JSON.parse(services.trustedRoot.toString()).timestampAuthorities;
    const chain = authority.certChain.certificates.map(
      ({ rawBytes }: { rawBytes: string }) => new X509Certificate(Buffer.from(rawBytes, 'base64')),
    );
    const policy = { keys: [{ publicKey, name: 'a' }], timestampAuthorities: [chain] };
    expect(await verifyBundle(bundle, policy)).toMatchObject({ time: { basis: 'rfc3161' } });
  });
});

describe('method certificate', () => {
  /** A bundle with whatever certificates: {@link certificateSeal} would refuse the bad ones. */
  async function signedWith(wish: Partial<CertificateWish>, stamped = false) {
    const { privateKey, signer } = newSigner();
    const chain = makeChain({ key: privateKey, ...wish });
    const signature = await signer.sign(preAuthEncoding(TYPE, payload));
    const timestamps = stamped ? await stamp(signature) : [];
    const material = { chain: [chain.leaf.certificate.raw, chain.middle.certificate.raw] };
    return {
      bundle: Buffer.from(bundleJson({ payloadType: TYPE, payload, signature, material, timestamps })),
      root: chain.root.certificate,
    };
  }

  test('a chain to a pinned authority holds', async () => {
    const { bundle, root } = await signedWith({});
    expect(await verifyBundle(bundle, { authorities: [root] })).toMatchObject({
      signer: { method: 'certificate', subject: 'CN=Test signer' },
    });
    await expect(verifyBundle(bundle, { authorities: [makeChain().root.certificate] })).rejects.toMatchObject({
      code: 'signature.untrusted',
    });
    await expect(verifyBundle(bundle, {})).rejects.toMatchObject({ code: 'signature.untrusted' });
  });

  test.each<readonly [string, Partial<CertificateWish>, RegExp]>([
    ['of a web server', { purposes: [SERVER_AUTHENTICATION] }, /other purposes/],
    ['that may only sign certificates', { keyUsage: ['keyCertSign'], purposes: [] }, /other purposes|may not/],
    ['without any usage', { keyUsage: null, purposes: undefined as never }, /does not say/],
    ['with a critical extension nobody knows', { unknownCritical: '1.2.3.4' }, /1\.2\.3\.4/],
  ])('a certificate %s is refused', async (_name, wish, reason) => {
    const { bundle, root } = await signedWith(wish);
    await expect(verifyBundle(bundle, { authorities: [root] })).rejects.toMatchObject({
      code: 'signature.untrusted',
      message: expect.stringMatching(reason) as string,
    });
  });

  test('an expired certificate needs a timestamp from when it was valid', async () => {
    const past = await signedWith({ from: day(-10), until: day(-5) });
    await expect(verifyBundle(past.bundle, { authorities: [past.root] })).rejects.toMatchObject({ code: 'signature.untimed' });
    const allowed = { authorities: [past.root], allowUntimed: true };
    expect(await verifyBundle(past.bundle, allowed)).toMatchObject({ time: { basis: 'untimed' } });
    const stamped = await signedWith({}, true);
    const later = { authorities: [stamped.root], sigstore: sigstore(), now: day(400) };
    expect(await verifyBundle(stamped.bundle, later)).toMatchObject({ time: { basis: 'rfc3161' } });
    const tooLate = await signedWith({ from: day(-10), until: day(-5) }, true);
    await expect(verifyBundle(tooLate.bundle, { ...later, authorities: [tooLate.root], allowUntimed: true })).rejects.toMatchObject({
      code: 'signature.untrusted',
    });
  });

  test('an end-entity certificate issues nothing, and a path length is kept', async () => {
    const { root, middle, leaf } = makeChain();
    const below = makeCertificate({ subject: 'Below a leaf', issuer: leaf, purposes: [CODE_SIGNING] });
    const tooDeep = makeCertificate({ subject: 'Too deep', issuer: middle, isAuthority: true, keyUsage: ['keyCertSign'] });
    const deepLeaf = makeCertificate({ subject: 'Deep leaf', issuer: tooDeep, purposes: [CODE_SIGNING] });
    for (const chain of [
      [below, leaf, middle],
      [deepLeaf, tooDeep, middle],
    ]) {
      const pem = chain[0]?.key.export({ type: 'pkcs8', format: 'pem' }).toString() ?? '';
      const signature = await privateKeySigner(pem, undefined, 'key').sign(preAuthEncoding(TYPE, payload));
      const material = { chain: chain.map(({ certificate }) => certificate.raw) };
      const bundle = Buffer.from(bundleJson({ payloadType: TYPE, payload, signature, material }));
      await expect(verifyBundle(bundle, { authorities: [root.certificate] })).rejects.toMatchObject({ code: 'signature.untrusted' });
    }
  });

  test('the authority a bundle brings along is not trusted', async () => {
    const { root, middle, leaf } = makeChain();
    const seal = certificateSeal(privateKeySigner(leaf.key.export({ type: 'pkcs8', format: 'pem' }).toString(), undefined, 'key'), [
      leaf.certificate,
      middle.certificate,
      root.certificate,
    ]);
    const bundle = Buffer.from(await seal(TYPE, payload));
    expect(await verifyBundle(bundle, { authorities: [root.certificate] })).toMatchObject({ signer: { method: 'certificate' } });
    await expect(verifyBundle(bundle, { authorities: [makeChain().root.certificate] })).rejects.toMatchObject({
      code: 'signature.untrusted',
    });
  });

  test('certificates that nobody could verify are not signed with', () => {
    const { signer } = newSigner();
    const { leaf, middle } = makeChain();
    expect(() => certificateSeal(signer, [leaf.certificate])).toThrow(/not of the signing key/);
    const server = makeChain({ purposes: [SERVER_AUTHENTICATION] });
    const own = privateKeySigner(server.leaf.key.export({ type: 'pkcs8', format: 'pem' }).toString(), undefined, 'key');
    expect(() => certificateSeal(own, [server.leaf.certificate, server.middle.certificate])).toThrow(/other purposes/);
    expect(() =>
      certificateSeal(privateKeySigner(leaf.key.export({ type: 'pkcs8', format: 'pem' }).toString(), undefined, 'k'), [
        leaf.certificate,
        makeChain().root.certificate,
      ]),
    ).toThrow(/no pinned authority/);
    expect(middle.certificate.ca).toBe(true);
  });
});

test.each([
  ['two signatures', (json: Json) => json.dsseEnvelope.signatures.push(json.dsseEnvelope.signatures[0])],
  ['no signature', (json: Json) => (json.dsseEnvelope.signatures = [])],
  ['a key and a certificate', (json: Json) => (json.verificationMaterial.certificate = { rawBytes: 'AAAA' })],
  ['no material', (json: Json) => delete json.verificationMaterial.publicKey],
  ['a field nobody knows', (json: Json) => (json.note = 'x')],
  ['another media type', (json: Json) => (json.mediaType = 'application/json')],
  ['a message signature', (json: Json) => (json.messageSignature = {})],
  ['base64 in another spelling', (json: Json) => (json.dsseEnvelope.payload += '\n')],
  ['log entries beside a key', (json: Json) => json.verificationMaterial.tlogEntries.push({})],
])('a bundle with %s is malformed', async (_name, change) => {
  const { signer, publicKey } = newSigner();
  const json = JSON.parse(await keySeal(signer)(TYPE, payload)) as Json;
  change(json);
  const verified = verifyBundle(Buffer.from(JSON.stringify(json)), { keys: [{ publicKey, name: 'a' }] });
  await expect(verified).rejects.toMatchObject({ code: 'signature.malformed' });
});

// oxlint-disable-next-line typescript/no-explicit-any
type Json = any;
