import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { signModel } from '../../src/evidence/oms/sign-model.ts';
import { verifyModel } from '../../src/evidence/oms/verify-model.ts';
import { sigstoreSeal } from '../../src/evidence/signature/seal-sigstore.ts';
import type { TrustPolicy } from '../../src/evidence/signature/trust-policy.ts';
import { readTrustedRoot } from '../../src/evidence/signature/trusted-root.ts';
import { identityToken, type SigstoreServices, startSigstore } from '../makers/sigstore-services.ts';
import { modelSigningTool } from './model-signing-tool.ts';

const { program, reason } = modelSigningTool();
if (reason !== undefined) console.warn(`skipped: ${reason}`);

const IDENTITY = 'release@example.com';
const ISSUER = 'https://ci.example';

describe.skipIf(program === undefined)('keyless, with a private Sigstore instance', () => {
  let services: SigstoreServices;
  let folder = '';
  let model = '';
  let trustConfig = '';
  let policy: TrustPolicy;

  beforeAll(async () => {
    services = await startSigstore();
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'cordon-keyless-')));
    model = join(folder, 'model');
    mkdirSync(join(model, 'sub'), { recursive: true });
    for (const file of ['config.json', 'weights.bin', 'sub/a.txt']) writeFileSync(join(model, file), `content of ${file}\n`);
    trustConfig = join(folder, 'trust-config.json');
    writeFileSync(trustConfig, trustConfigOf(services));
    policy = { identities: [{ identity: IDENTITY, issuer: ISSUER }], sigstore: readTrustedRoot(services.trustedRoot) };
  });
  afterAll(async () => {
    await services.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const argumentsFor = (act: string, signature: string): string[] => [
    act,
    'sigstore',
    model,
    '--signature',
    signature,
    '--trust_config',
    trustConfig,
  ];
  const verifyByTool = (signature: string, identity = IDENTITY) =>
    run(program ?? '', [...argumentsFor('verify', signature), '--identity', identity, '--identity_provider', ISSUER]);

  test('what Cordon signs, the reference verifies, and it sees tampering and another identity', async () => {
    const { url } = services;
    const seal = sigstoreSeal({ fulcioUrl: url, rekorUrl: url, tsaUrl: url, identityToken: identityToken(IDENTITY, ISSUER) });
    const signature = join(folder, 'cordon.sig');
    writeFileSync(signature, (await signModel(model, seal)).bundle);
    expect(await verifyByTool(signature)).toMatchObject({ ok: true });
    expect(await verifyByTool(signature, 'other@example.com')).toMatchObject({ ok: false });
    const before = readFileSync(join(model, 'weights.bin'));
    appendFileSync(join(model, 'weights.bin'), 'x');
    expect(await verifyByTool(signature)).toMatchObject({ ok: false });
    writeFileSync(join(model, 'weights.bin'), before);
  });

  test('what the reference signs, Cordon verifies, and it sees tampering and another identity', async () => {
    const signature = join(folder, 'reference.sig');
    const token = identityToken(IDENTITY, ISSUER);
    const args = [...argumentsFor('sign', signature), '--identity_token', token];
    expect(await run(program ?? '', args)).toMatchObject({ ok: true });
    const bundle = readFileSync(signature);
    expect(await verifyModel(model, bundle, policy)).toMatchObject({ matches: true, signer: { identity: IDENTITY, issuer: ISSUER } });
    const others = { ...policy, identities: [{ identity: 'other@example.com', issuer: ISSUER }] };
    await expect(verifyModel(model, bundle, others)).rejects.toMatchObject({ code: 'signature.untrusted' });
    const before = readFileSync(join(model, 'weights.bin'));
    appendFileSync(join(model, 'weights.bin'), 'x');
    expect(await verifyModel(model, bundle, policy)).toMatchObject({ matches: false, differences: [{ path: 'weights.bin' }] });
    writeFileSync(join(model, 'weights.bin'), before);
  });
});

/** What the tool calls a trust configuration: the trusted root, and where to sign. */
function trustConfigOf({ url, trustedRoot }: SigstoreServices): string {
  interface Authority {
    subject?: object;
  }
  const root = JSON.parse(trustedRoot.toString()) as Record<string, Authority[]>;
  for (const list of ['certificateAuthorities', 'timestampAuthorities'])
    for (const authority of root[list] ?? []) authority.subject = { organization: 'test', commonName: 'test' };
  const service = [{ url, majorApiVersion: 1, validFor: { start: '2020-01-01T00:00:00Z' }, operator: 'test' }];
  return JSON.stringify({
    mediaType: 'application/vnd.dev.sigstore.clienttrustconfig.v0.1+json',
    trustedRoot: root,
    signingConfig: {
      mediaType: 'application/vnd.dev.sigstore.signingconfig.v0.2+json',
      caUrls: service,
      oidcUrls: service,
      rekorTlogUrls: service,
      tsaUrls: [],
      rekorTlogConfig: { selector: 'ANY' },
      tsaConfig: { selector: 'ANY' },
    },
  });
}

/** Why not synchronously: the services answer in this process. */
function run(command: string, args: readonly string[]): Promise<{ readonly ok: boolean; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => resolve({ ok: false, output: String(error) }));
    child.on('close', (status) => resolve({ ok: status === 0, output }));
  });
}
