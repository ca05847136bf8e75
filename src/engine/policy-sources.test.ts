import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Config } from '../core/config.ts';
import { openPolicy } from '../policy/open-policy.ts';
import { exampleInput } from '../policy/testing/example-input.ts';
import { policySources } from './policy-sources.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'cordon-policy-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the token of a policy server comes from any place of secrets, or from the variable as before', async () => {
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end(JSON.stringify({ result: { deny: [] } }));
  });
  await new Promise<void>((settled) => server.listen(0, '127.0.0.1', settled));
  writeFileSync(join(folder, 'token'), 'from-a-file\n');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const decideWith = async (how: object): Promise<void> => {
    const config = Config.parse({ policy: { engine: 'opa-server', url, ...how } });
    const sources = policySources(config, folder, { OPA_TOKEN: 'from-the-environment' });
    try {
      await (await openPolicy(config, 'ci', sources)).decide(exampleInput({}));
    } finally {
      await sources.close();
    }
  };
  try {
    await decideWith({ token: 'file:token' });
    await decideWith({ tokenEnv: 'OPA_TOKEN' });
    await decideWith({});
    expect(seen).toEqual(['Bearer from-a-file', 'Bearer from-the-environment', undefined]);
    await expect(decideWith({ tokenEnv: 'OPA_NONE' })).rejects.toMatchObject({ code: 'config.invalid' });
    await expect(decideWith({ token: 'file:none' })).rejects.toMatchObject({ code: 'config.invalid' });
    expect(() => Config.parse({ policy: { engine: 'opa-server', url, token: 'env:A', tokenEnv: 'A' } })).toThrow(
      'either token or tokenEnv',
    );
  } finally {
    server.close();
  }
});
