import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import { SecretsConfig } from '../../core/secrets-config.ts';
import { openSecrets } from './open-secrets.ts';
import type { SecretSource } from './secret-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'cordon-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function recorder(): { readonly log: Logger; readonly lines: string[] } {
  const lines: string[] = [];
  const add = (level: string) => (fields: object, message: string) => void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { log: { info: add('info'), warn: add('warn'), error: add('error') }, lines };
}

/** A place that answers what it is told to, and a clock that stands still. */
function place(): { source: SecretSource; answer: () => string; reads: number; time: number } {
  const state = {
    reads: 0,
    time: 1_000_000,
    answer: () => 'first',
    source: {
      async read() {
        state.reads++;
        return { bytes: Buffer.from(state.answer()) };
      },
    } as SecretSource,
  };
  return state;
}

const REFERENCE = 'vault:secret/app#key';
const config = SecretsConfig.parse({ refreshSeconds: 60, staleSeconds: 600 });

describe('environment and files', () => {
  test('are read as text without the last line feed, and as bytes as they are', async () => {
    writeFileSync(join(folder, 'token'), 'abc\n\n');
    const secrets = openSecrets({ folder, env: { KEY: 'value' } });
    expect(await secrets.get('env:KEY')).toBe('value');
    expect(await secrets.get('file:token')).toBe('abc\n');
    expect(await secrets.getBytes(`file:${join(folder, 'token')}`)).toEqual(Buffer.from('abc\n\n'));
    await secrets.close();
    await expect(secrets.get('env:KEY')).rejects.toMatchObject({ code: 'secret.unavailable' });
  });

  test.each([
    ['env:ABSENT', 'secret.missing'],
    ['env:EMPTY', 'secret.missing'],
    ['file:absent', 'secret.missing'],
    ['file:empty', 'secret.missing'],
    ['file:.', 'secret.unavailable'],
    ['file:large', 'secret.unavailable'],
    ['file:binary', 'secret.unavailable'],
    ['sk-live-hunter2', 'config.invalid'],
    ['', 'config.invalid'],
  ])('%s is %s', async (reference, code) => {
    writeFileSync(join(folder, 'empty'), '');
    writeFileSync(join(folder, 'large'), Buffer.alloc(1024 * 1024 + 1, 65));
    writeFileSync(join(folder, 'binary'), Buffer.from([0xff, 0xfe]));
    const secrets = openSecrets({ folder, env: { EMPTY: '' } });
    const error = await secrets.get(reference).catch((thrown: unknown) => thrown as CordonError);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain('hunter2');
  });

  test('a file that is replaced is told to who watches', async () => {
    const file = join(folder, 'rotating');
    writeFileSync(file, 'old');
    const secrets = openSecrets({ folder, config: SecretsConfig.parse({ refreshSeconds: 1 }) });
    const told: string[] = [];
    secrets.watch('file:rotating', (value) => told.push(value));
    await vi.waitFor(() => expect(told).toEqual(['old']), 3_000);
    writeFileSync(`${file}.new`, 'new');
    renameSync(`${file}.new`, file);
    await vi.waitFor(() => expect(told).toEqual(['old', 'new']), 3_000);
    expect(await secrets.get('file:rotating')).toBe('new');
    await secrets.close();
  });
});

describe('keeping', () => {
  test('a place is asked once for many at once, and again when the value is due', async () => {
    const it = place();
    const secrets = openSecrets({ config, now: () => it.time, sources: { vault: it.source } });
    expect(await Promise.all(Array.from({ length: 50 }, () => secrets.get(REFERENCE)))).toEqual(Array(50).fill('first'));
    it.time += 59_000;
    await secrets.get(REFERENCE);
    expect(it.reads).toBe(1);
    it.answer = () => 'second';
    it.time += 1_000;
    expect(await secrets.get(REFERENCE)).toBe('second');
    expect(it.reads).toBe(2);
  });

  test('a lease that ends sooner than the interval counts', async () => {
    const it = place();
    const source: SecretSource = { read: async () => ({ bytes: Buffer.from(String(++it.reads)), until: it.time + 5_000 }) };
    const secrets = openSecrets({ config, now: () => it.time, sources: { vault: source } });
    await secrets.get(REFERENCE);
    it.time += 5_000;
    expect(await secrets.get(REFERENCE)).toBe('2');
  });

  test('while the place is down the last value is used for a bounded time, and every attempt is an error in the log', async () => {
    const it = place();
    const { log, lines } = recorder();
    it.answer = () => 'hunter2';
    const secrets = openSecrets({ config, log, now: () => it.time, sources: { vault: it.source } });
    await secrets.get(REFERENCE);
    it.answer = () => {
      throw new Error('connect ECONNREFUSED, sent hunter2');
    };
    it.time += 60_000;
    expect(await secrets.get(REFERENCE)).toBe('hunter2');
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    // Not asked again by every request.
    expect(await secrets.get(REFERENCE)).toBe('hunter2');
    expect(it.reads).toBe(2);
    it.time += 600_000;
    expect(await secrets.get(REFERENCE)).toBe('hunter2');
    it.time += 5_001;
    await expect(secrets.get(REFERENCE)).rejects.toMatchObject({ code: 'secret.unavailable' });
    it.answer = () => 'back';
    it.time += 5_000;
    expect(await secrets.get(REFERENCE)).toBe('back');
    expect(lines.join('\n')).not.toMatch(/hunter2|back"/);
  });

  test('a last value that is too old is not used between attempts either', async () => {
    const it = place();
    const secrets = openSecrets({ config: { ...config, staleSeconds: 0 }, now: () => it.time, sources: { vault: it.source } });
    await secrets.get(REFERENCE);
    it.answer = () => {
      throw new Error('down');
    };
    it.time += 60_000;
    expect(await secrets.get(REFERENCE)).toBe('first');
    it.time += 1;
    await expect(secrets.get(REFERENCE)).rejects.toMatchObject({ code: 'secret.unavailable' });
  });

  test('a secret that its place says is gone is not used any more', async () => {
    const it = place();
    const secrets = openSecrets({ config, now: () => it.time, sources: { vault: it.source } });
    await secrets.get(REFERENCE);
    it.answer = () => {
      throw new CordonError('secret.missing', 'no such secret');
    };
    it.time += 60_000;
    await expect(secrets.get(REFERENCE)).rejects.toMatchObject({ code: 'secret.missing' });
  });

  test('a place that does not answer in time is left', async () => {
    const secrets = openSecrets({
      config: { ...config, timeoutSeconds: 0.05 },
      sources: { vault: { read: () => new Promise(() => undefined) } },
    });
    await expect(secrets.get(REFERENCE)).rejects.toMatchObject({ code: 'secret.unavailable' });
  });
});

describe('watching', () => {
  test('tells changes to all, also when one of them fails, and ends', async () => {
    const it = place();
    const { log, lines } = recorder();
    let value = 'hunter0';
    it.answer = () => value;
    const secrets = openSecrets({ config: { ...config, refreshSeconds: 0.01 }, log, sources: { vault: it.source } });
    expect(await secrets.get(REFERENCE)).toBe('hunter0');
    const told: string[] = [];
    secrets.watch(REFERENCE, (one) => {
      throw new Error(one);
    });
    const stop = secrets.watch(REFERENCE, (one) => told.push(one));
    value = 'hunter1';
    await vi.waitFor(() => expect(told).toEqual(['hunter1']));
    stop();
    value = 'hunter2';
    const { reads } = it;
    await vi.waitFor(() => expect(it.reads).toBeGreaterThan(reads + 2));
    expect(told).toEqual(['hunter1']);
    await secrets.close();
    const after = it.reads;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(it.reads).toBeLessThanOrEqual(after + 1);
    expect(lines.join('\n')).not.toContain('hunter');
  });

  test('a reference that is none is refused at once', () => {
    expect(() => openSecrets().watch('nonsense', () => undefined)).toThrow(/where the secret is/);
  });
});

test('what stays broken is told once, by its name, and again after five minutes', async () => {
  const [{ log, lines }, at] = [recorder(), place()];
  at.answer = () => {
    throw new CordonError('secret.unavailable', 'the server is sealed');
  };
  const secrets = openSecrets({ config, env: {}, log, now: () => at.time, sources: { vault: at.source } });
  const ask = (): Promise<unknown> => secrets.get(REFERENCE).catch((error: unknown) => error);
  for (let time = 0; time < 10; time++, at.time += 6_000) await ask();
  expect(at.reads).toBe(10);
  expect(lines).toEqual([
    `error the secret cannot be read; what needs it fails {"reference":"${REFERENCE}","reason":"the server is sealed"}`,
  ]);
  at.time += 5 * 60_000;
  await ask();
  expect(lines).toHaveLength(2);
  await secrets.close();
});
