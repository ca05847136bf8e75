import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Config } from '../../src/core/config.ts';
import { serve } from '../e2e/served.ts';
import { chatAnswer, json, type ModelServer, modelServer } from './model-server.ts';

let folder: string;
let models: ModelServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cordon-reload-'));
  models = await modelServer((_, response) => json(response, chatAnswer('Hello.')));
});
afterAll(async () => {
  await models?.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (name: string): string => `
server: { port: 0 }
gateway:
  upstreams: [{ id: local, kind: openai-compatible, url: '${models.origin}/v1' }]
  models: { ${name}: { targets: [{ upstream: local }] } }
`;

test('a changed file counts without a restart, a bad one changes nothing and is told', async () => {
  const path = join(folder, 'cordon.yaml');
  await writeFile(path, file('first'));
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/cli.js'), 'serve'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  let heard = 0;
  /** Waits for a message behind those that were waited for before. */
  async function says(text: RegExp): Promise<void> {
    await expect.poll(() => said.slice(heard), { timeout: 30_000 }).toMatch(text);
    const found = text.exec(said.slice(heard))!;
    heard += found.index + found[0].length;
  }
  try {
    await says(/OPENAI_BASE_URL.*\n/);
    // Why at once: what changes before the server looks for the first time must not be lost.
    await writeFile(path, file('second'));
    await says(/taken over/);
    await writeFile(path, file('first'));
    await says(/taken over/);
    const url = /listens on (http:\S+)/.exec(said)![1]!;
    const key = /^ {2}(cordon_\S+)$/m.exec(said)![1]!;
    const ask = async (model: string): Promise<number> => {
      const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] });
      return (await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body })).status;
    };
    expect([await ask('first'), await ask('second')]).toEqual([200, 404]);
    await writeFile(path, file('second'));
    await says(/taken over/);
    expect([await ask('first'), await ask('second')]).toEqual([404, 200]);
    await writeFile(path, file('third').replace('targets', 'tragets'));
    await says(/cannot be used, the one before stays: .*tragets/s);
    expect(await ask('second')).toBe(200);
    await writeFile(path, '');
    await says(/stays: .*is empty/s);
    expect(await ask('second')).toBe(200);
  } finally {
    child.kill('SIGTERM');
    await new Promise((settled) => child.on('close', settled));
  }
});

test('a configuration of which a part cannot be used changes nothing, and two at once come one after the other', async () => {
  const gateway = (name: string, more: object = {}) => ({
    gateway: {
      upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
      models: { [name]: { targets: [{ upstream: 'local' }] } },
      ...more,
    },
  });
  const served = await serve(gateway('first'));
  try {
    const config = (name: string, more?: object) => Config.parse({ ...gateway(name, more), server: { port: 0, data: served.folder } });
    const ask = async (model: string): Promise<number> => {
      const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] });
      const headers = { authorization: `Bearer ${served.admin.key}` };
      return (await fetch(`${served.server.url}/v1/chat/completions`, { method: 'POST', headers, body })).status;
    };
    const bad: readonly object[] = [
      { upstreams: [{ id: 'local', kind: 'openai-compatible', url: 'http://10.0.0.1/v1' }] },
      { audit: { content: 'redacted', key: 'env:CORDON_NO_SUCH_KEY' } },
    ];
    for (const more of bad) {
      await expect(served.server.reconfigure(config('second', more))).rejects.toThrow();
      expect([await ask('first'), await ask('second')]).toEqual([200, 404]);
    }
    await Promise.all([served.server.reconfigure(config('second')), served.server.reconfigure(config('third'))]);
    expect([await ask('first'), await ask('second'), await ask('third')]).toEqual([404, 404, 200]);
  } finally {
    await served.close();
  }
});
