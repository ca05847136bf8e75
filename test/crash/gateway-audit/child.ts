/** A process that accepts records until it is killed. What it says on stdout it has been told is safe. */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AUDIT_DURABILITIES, GatewayAuditConfig } from '../../../src/core/gateway-audit-config.ts';
import { openAudit } from '../../../src/engine/gateway/audit/open-audit.ts';
import { exampleRecord } from '../../../src/engine/gateway/audit/testing.ts';
import { openStore } from '../../../src/store/open-store.ts';

const [folder = '', database = '', worker = '0', round = '0'] = process.argv.slice(2);
const complain = (fields: object, message: string): void => void writeSync(1, `wrong ${message} ${JSON.stringify(fields)}\n`);
const secrets = { get: async () => Buffer.alloc(32, 1).toString('base64'), watch: () => () => undefined };
const store = await openStore({ database });
const audit = await openAudit({
  config: GatewayAuditConfig.parse({
    // Not "async": that promises nothing.
    durability: AUDIT_DURABILITIES[Number(round) % 2],
    content: Number(round) % 3 === 0 ? 'redacted' : 'none',
    key: 'env:KEY',
  }),
  store,
  folder: join(folder, 'audit'),
  secrets,
  // Why errors count: nothing here may fail but the process itself.
  log: { info: () => undefined, warn: () => undefined, error: complain },
  worker: Number(worker),
  workers: 2,
  database,
  drainEntry: new URL('./audit-worker.mjs', import.meta.url),
});
writeSync(1, 'started\n');

async function say(line: string): Promise<void> {
  for (;;) {
    try {
      writeSync(1, `${line}\n`);
      return;
    } catch (error) {
      // The pipe is full: the parent is slower.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await sleep(2);
    }
  }
}

async function client(): Promise<never> {
  for (;;) {
    const record = exampleRecord();
    await audit.append(record, { request: `asked ${record.id}`, response: 'an answer' });
    await say(`kept ${record.id}`);
    if (Math.random() < 0.1) await sleep(Math.random() * 3);
  }
}

await Promise.all(Array.from({ length: 8 }, client));
