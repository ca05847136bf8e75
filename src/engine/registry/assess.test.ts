import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import type { Job, JobResult } from '../jobs.ts';
import { assess, assessedBefore } from './assess.ts';
import type { RegistryContext } from './context.ts';
import { createRepository, type Repository } from './repositories.ts';
import type { Scanners } from './scanners.ts';
import { type TestRegistry, testRegistry } from './testing.ts';

const HOUR_MS = 3_600_000;

let registry: TestRegistry;
let ann: Principal;
let repository: Repository;
let context: RegistryContext;
/** Paths whose scan fails, as on a machine that somebody keeps busy. */
let failing: readonly string[];
let scans: string[];
let now: number;

beforeAll(async () => {
  registry = await testRegistry();
  ann = await registry.person('ann', 'contributor', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
  const real = registry.context.scanners;
  const run = async (job: Job, bytes: number): Promise<JobResult> => {
    const path = job.kind === 'file' ? job.path : job.kind;
    scans.push(path);
    if (failing.includes(path)) return { kind: 'failed', id: 0, cause: 'timeout', message: 'too slow' };
    return real.run(job, bytes);
  };
  const scanners = { limits: real.limits, ruleBook: () => real.ruleBook(), run } as unknown as Scanners;
  context = { ...registry.context, scanners, now: () => now };
});
afterAll(() => registry.close());
beforeEach(() => {
  failing = [];
  scans = [];
  now = Date.now();
});

test('a scan that failed does not stand for the file for ever, and is not tried again at every turn', async () => {
  const { manifest } = await registry.push(ann, repository, { 'slow.json': '{}' }, { ref: 'refs/heads/slow' });
  failing = ['slow.json'];
  expect((await assess(context, manifest)).completeness).toBe('inconclusive');
  failing = [];
  expect((await assess(context, manifest)).completeness).toBe('inconclusive');
  now += HOUR_MS;
  const { digest } = await context.scanners.ruleBook();
  expect(await assessedBefore(context, manifest, digest)).toBeUndefined();
  expect((await assess(context, manifest)).completeness).toBe('complete');
  scans = [];
  expect((await assess(context, manifest)).completeness).toBe('complete');
  expect(scans).toEqual([]);
});

test('what was said across files without one of them is said again when it can be read', async () => {
  const files = { 'config.json': '{"auto_map": {"AutoModel": "modeling.Evil"}}', 'modeling.py': 'x = 1\n' };
  const { manifest } = await registry.push(ann, repository, files, { ref: 'refs/heads/tree' });
  failing = ['config.json'];
  await assess(context, manifest);
  now += HOUR_MS;
  failing = [];
  scans = [];
  await assess(context, manifest);
  expect(scans).toEqual(['config.json', 'tree']);
});
