import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { CLI, cordon, removeTemporary, temporaryFolder } from './run-cli.ts';

/**
 * Packages that are loaded only when they are needed, in the program as it is published. Why beside the unit tests: Node gives the names of
 * a CommonJS package to `import()`, the bundle gives only `default`.
 */
const requests: { readonly url: string; readonly headers: Readonly<Record<string, unknown>> }[] = [];
const server = createServer((request, response) => {
  requests.push({ url: request.url ?? '', headers: request.headers });
  response.writeHead(400, { 'content-type': 'application/json' }).end('{}');
});

beforeEach(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterEach(() => {
  requests.length = 0;
  server.closeAllConnections();
  return new Promise<void>((resolve) => void server.close(() => resolve()));
});
afterAll(removeTemporary);

const address = (): string => `127.0.0.1:${(server.address() as AddressInfo).port}`;
const signedBy = (id: string) => expect.stringMatching(new RegExp(`^AWS4-HMAC-SHA256 Credential=${id}/`));

/** A home with credentials where the AWS tools look for them. */
function homeWithProfile(): string {
  const home = temporaryFolder();
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws/credentials'), '[models]\naws_access_key_id = AKIDPROFILE\naws_secret_access_key = made-up\n');
  return home;
}

test('a server keeps its files in S3', async () => {
  const data = temporaryFolder();
  const blobs = `s3://models/cordon?endpoint=http://${address()}&region=eu-west-1`;
  const started = spawn(process.execPath, [CLI, 'serve', '--port', '0', '--data', data, '--blobs', blobs], {
    cwd: data,
    env: { PATH: process.env['PATH'], HOME: data, AWS_ACCESS_KEY_ID: 'AKIDENV', AWS_SECRET_ACCESS_KEY: 'made-up' },
  });
  const said = await new Promise<string>((resolve) => {
    let text = '';
    const add = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes('Cordon listens')) resolve(text);
    };
    started.stdout.on('data', add);
    started.stderr.on('data', add);
    started.on('close', () => resolve(text));
  });
  started.kill('SIGKILL');
  expect(said).toContain('Cordon listens');
}, 30_000);

test('a key manager is asked, with credentials of a profile', async () => {
  const { stderr, code } = await cordon(['signing-key', 'show', `awskms://${address()}/alias/release`], {
    env: { HOME: homeWithProfile(), AWS_PROFILE: 'models', AWS_REGION: 'eu-west-1' },
  });
  expect(requests[0], stderr).toMatchObject({
    headers: { 'x-amz-target': 'TrentService.GetPublicKey', authorization: signedBy('AKIDPROFILE') },
  });
  expect(code).toBe(3);
});

test('the CI service is asked for the identity of a keyless signature', async () => {
  const model = temporaryFolder();
  writeFileSync(join(model, 'a.bin'), 'a');
  const { stderr } = await cordon(
    ['sign', model, '--keyless', '--fulcio-url', `http://${address()}`, '--rekor-url', `http://${address()}`],
    {
      env: { ACTIONS_ID_TOKEN_REQUEST_URL: `http://${address()}/token?a=b`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'made-up' },
    },
  );
  expect(requests[0], stderr).toMatchObject({ url: '/token?a=b&audience=sigstore', headers: { authorization: 'Bearer made-up' } });
});

test('no file has a letter that doubles its size in memory', () => {
  const folder = dirname(CLI);
  const files = readdirSync(folder).filter((name) => name.endsWith('.js'));
  expect(files).toContain('cli.js');
  // oxlint-disable-next-line no-control-regex
  expect(files.filter((name) => /[^\x00-\x7f]/.test(readFileSync(join(folder, name), 'utf8')))).toEqual([]);
});
