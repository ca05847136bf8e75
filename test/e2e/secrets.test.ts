import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noteSigner } from '../../src/evidence/ledger/note/signer.ts';
import { must, serve } from './served.ts';

test('a server takes the key of its ledger and the token of its policy server from where secrets are kept', async () => {
  const seen: (string | undefined)[] = [];
  const opa = createServer((request, response) => {
    seen.push(request.headers.authorization);
    request.resume().once('end', () => response.end(JSON.stringify({ result: { deny: [] } })));
  });
  await new Promise<void>((settled) => opa.listen(0, '127.0.0.1', settled));
  const folder = await mkdtemp(join(tmpdir(), 'cordon-secrets-'));
  const { verifier } = noteSigner('example.com/ledger', Buffer.alloc(32, 7));
  const key = Buffer.concat([Uint8Array.of(1), Buffer.alloc(32, 7)]).toString('base64');
  await writeFile(join(folder, 'ledger'), `PRIVATE+KEY+example.com/ledger+${verifier.id.toString('hex')}+${key}\n`);
  await writeFile(join(folder, 'token'), 'token-of-opa\n');
  const url = `http://127.0.0.1:${(opa.address() as AddressInfo).port}`;
  const served = await serve({
    server: { ledgerKey: `file:${folder}/ledger` },
    policy: { engine: 'opa-server', url, token: `file:${folder}/token` },
  });
  try {
    expect(must(await served.admin.api('GET', '/ledger/key')).body).toEqual({ key: verifier.text });
    must(await served.admin.push('acme/bert', { 'README.md': '# bert' }));
    expect((await served.admin.pull('acme/bert', 'main', 'README.md')).status).toBe(200);
    expect(new Set(seen)).toEqual(new Set(['Bearer token-of-opa']));
  } finally {
    await served.close();
    opa.close();
    await rm(folder, { recursive: true, force: true });
  }
});
