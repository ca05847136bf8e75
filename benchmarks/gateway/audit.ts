/** `npx tsx benchmarks/gateway/audit.ts [records]`: what a record of the gateway costs, to accept and to store. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayAuditConfig } from '../../src/core/gateway-audit-config.ts';
import { SILENT } from '../../src/core/logger.ts';
import { openAudit } from '../../src/engine/gateway/audit/open-audit.ts';
import { exampleRecord } from '../../src/engine/gateway/audit/testing.ts';
import { newId } from '../../src/store/ids.ts';
import { openStore } from '../../src/store/open-store.ts';

const count = Number(process.argv[2] ?? 50_000);
const key = Buffer.alloc(32, 7).toString('base64');
const secrets = { get: async () => key, watch: () => () => undefined };
const text = { request: 'x'.repeat(4_000), response: 'y'.repeat(1_000) };

for (const durability of ['written', 'synced', 'async'] as const) {
  for (const content of durability === 'written' ? (['none', 'redacted'] as const) : (['none'] as const)) {
    const folder = await mkdtemp(join(tmpdir(), 'cordon-audit-'));
    const store = await openStore({ database: join(folder, 'cordon.db') });
    const config = GatewayAuditConfig.parse({ durability, content, key: 'env:KEY' });
    const audit = await openAudit({ config, store, folder, secrets, log: SILENT });
    const records = Array.from({ length: count }, () => exampleRecord());
    const latencies: number[] = [];
    const started = performance.now();
    const before = process.cpuUsage();
    // A hundred requests at a time, as many turns of the event loop.
    for (let at = 0; at < count; at += 100) {
      await Promise.all(
        records.slice(at, at + 100).map(async (record) => {
          const since = performance.now();
          await audit.append({ ...record, id: newId() }, content === 'none' ? undefined : text);
          latencies.push(performance.now() - since);
        }),
      );
    }
    const appendCpu = process.cpuUsage(before);
    const appendMs = performance.now() - started;
    await audit.flush();
    const allCpu = process.cpuUsage(before);
    const allMs = performance.now() - started;
    latencies.sort((a, b) => a - b);
    const micros = (usage: NodeJS.CpuUsage): string => ((usage.user + usage.system) / count).toFixed(1);
    console.log(
      `${durability}, content ${content}: ${Math.round((count / appendMs) * 1_000)} records/s accepted; ` +
        `stored after ${Math.round(allMs)} ms (${Math.round((count / allMs) * 1_000)}/s); CPU µs per record: ${micros(appendCpu)} while accepting, ` +
        `${micros(allCpu)} with storing; wait p50 ${latencies[count >> 1]!.toFixed(3)} ms, p99 ${latencies[Math.floor(count * 0.99)]!.toFixed(3)} ms`,
    );
    await audit.close();
    await store.close();
    await rm(folder, { recursive: true });
  }
}
