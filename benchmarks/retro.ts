/**
 * `npx tsx benchmarks/retro.ts [--files 100000] [--per-manifest 10]`: how long it takes to decide again about everything stored, from
 * what scanners said, without the bytes. A tenth of the files has a finding, and the new gate refuses half of those.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Config } from '../src/core/config.ts';
import type { FileDraft } from '../src/engine/drafts.ts';
import { openRegistry } from '../src/engine/registry/open-registry.ts';
import { retro } from '../src/engine/registry/retro.ts';
import { openDiskBlobs } from '../src/store/blobs/disk.ts';
import { openStore } from '../src/store/open-store.ts';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100000' },
    'per-manifest': { type: 'string', default: '10' },
    dry: { type: 'boolean', default: false },
  },
});
const files = Number(values.files);
const each = Number(values['per-manifest']);

const folder = await mkdtemp(join(tmpdir(), 'cordon-retro-'));
const store = await openStore({ database: join(folder, 'cordon.db') });
const blobs = await openDiskBlobs({ folder: join(folder, 'blobs') });
const config = Config.parse({
  scan: { jobs: 1 },
  gates: { ci: { deny: [{ id: 'new', when: 'findings.exists(f, f.rule == "secret.found")' }] } },
});
const registry = openRegistry({ store, blobs, config });
const { context } = registry;
const rules = (await context.scanners.ruleBook()).digest;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

function draft(path: string, sha256: string, number: number): FileDraft {
  const rule = number % 20 === 0 ? 'secret.found' : 'license.unknown';
  const location = { path };
  const finding = {
    rule,
    severity: 'medium',
    message: 'a finding of the benchmark',
    location,
    fingerprint: sha256,
    key: 'k',
    evidence: '',
    fix: 'none',
    maps: ['CWE-1'],
  };
  return {
    artifact: {
      path,
      sha256,
      size: 1_000,
      format: 'safetensors',
      completeness: 'complete',
      reasons: [],
      facts: Array.from({ length: 8 }, (_, index) => ({
        name: `tensor.fact-${index}`,
        value: { shape: [768, 768], dtype: 'F32', index },
        basis: 'measured' as const,
      })),
    },
    findings: number % 10 === 0 ? [finding as never] : [],
    plugins: [{ id: 'safetensors', status: 'succeeded' }],
    members: 0,
    cut: 0,
  };
}

const manifests = Math.ceil(files / each);
await store.transaction(async (tx) => {
  const base = { kind: 'model', namespace: 'bench', private: 0, created_by: 'b', created_at: 0, updated_at: 0 } as const;
  for (let number = 0; number < manifests; number++) {
    const id = digest(`manifest ${number}`);
    const repository = `r${number}`;
    await tx
      .insertInto('repository')
      .values({ ...base, id: repository, name: repository })
      .execute();
    await tx
      .insertInto('manifest')
      .values({ digest: id, oms_digest: id, files: each, bytes: each * 1_000, created_at: 0 })
      .execute();
    const rows = Array.from({ length: each }, (_, index) => ({
      path: `f${index}.safetensors`,
      sha256: digest(`${number} ${index}`),
      number: number * each + index,
    }));
    await tx
      .insertInto('blob')
      .values(rows.map(({ sha256 }) => ({ sha256, size: 1_000, git_sha1: null, created_at: 0 })))
      .execute();
    await tx
      .insertInto('manifest_entry')
      .values(rows.map(({ path, sha256 }) => ({ manifest: id, path, sha256, size: 1_000 })))
      .execute();
    const known = { rules, format: '', completeness: 'complete', created_at: 0 };
    const bodies = rows.map((row) => ({
      ...known,
      sha256: row.sha256,
      path: row.path,
      body: JSON.stringify(draft(row.path, row.sha256, row.number)),
    }));
    const tree = { ...known, sha256: id, path: '', body: JSON.stringify({ completeness: 'complete', findings: [], plugins: [] }) };
    await tx
      .insertInto('assessment')
      .values([...bodies, tree])
      .execute();
    await tx
      .insertInto('admission')
      .values({ repository_id: repository, manifest: id, state: 'admitted', decision_id: null, reason: '', updated_at: 0 })
      .execute();
  }
});
const cpu = process.cpuUsage();
const started = performance.now();
const hunt = await retro(context, { dryRun: values.dry });
const seconds = (performance.now() - started) / 1_000;
const { user, system } = process.cpuUsage(cpu);
console.log(
  `${files} files in ${manifests} manifests: ${hunt.decided} decided again, ${hunt.changed.length} quarantined, ${seconds.toFixed(1)} s, ` +
    `${((user + system) / 1e6).toFixed(1)} s of processor, ${Math.round(process.memoryUsage().rss / 2 ** 20)} MiB`,
);
await registry.close();
await blobs.close();
await store.close();
await rm(folder, { recursive: true, force: true });
