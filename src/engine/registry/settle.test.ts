import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Principal } from '../../identity/permission.ts';
import { admissionOf, admit, settle } from './admit.ts';
import { approve } from './approve.ts';
import { assess } from './assess.ts';
import { askGate, openGate } from './decide.ts';
import { promote } from './promote.ts';
import { recall } from './recall.ts';
import { createRepository, type Repository } from './repositories.ts';
import { type TestRegistry, testRegistry } from './testing.ts';
import { seal } from './versions.ts';
import { approveWaiver, requestWaiver, revokeWaiver } from './waivers/waive.ts';

/** `os.system('id')`, never loaded. */
const MALICIOUS = Buffer.from("cos\nsystem\n(S'id'\ntR.");

let registry: TestRegistry;
let ann: Principal;
let bob: Principal;
let repository: Repository;
let told: string[];

beforeAll(async () => {
  told = [];
  const announcer = { announce: async (_: unknown, event: string) => void told.push(event), wake: () => undefined };
  registry = await testRegistry({}, { announcer });
  ann = await registry.person('ann', 'approver', 'acme');
  bob = await registry.person('bob', 'approver', 'acme');
  repository = await createRepository(registry.context, ann, { kind: 'model', namespace: 'acme', name: 'bert' });
});
afterAll(() => registry.close());

async function reportOn(manifest: string) {
  const { context } = registry;
  return askGate(context, await openGate(context, 'ci'), repository, await assess(context, manifest));
}

test('a decision that rests on a waiver which was revoked meanwhile admits nothing', async () => {
  const { context } = registry;
  const { manifest } = await registry.push(ann, repository, { 'model.pkl': MALICIOUS }, { ref: 'refs/heads/risky' });
  const request = { rule: 'pickle.*', reason: 'research', expiresAt: context.now() + 3_600_000 };
  const waiver = await requestWaiver(context, ann, repository, request);
  await approveWaiver(context, bob, repository, waiver);
  const report = await reportOn(manifest);
  expect(report.gate.effect).not.toBe('deny');
  await revokeWaiver(context, bob, repository, waiver);
  expect((await settle(context, repository, manifest, report)).state).toBe('pending');
  expect((await settle(context, repository, manifest, await reportOn(manifest))).state).toBe('quarantined');
});

test('nobody is told that something recalled was admitted', async () => {
  const { context } = registry;
  const { manifest } = await registry.push(ann, repository, { 'config.json': '{"b":1}' }, { ref: 'refs/heads/other' });
  const report = await reportOn(manifest);
  await recall(context, ann, repository, manifest, 'backdoor');
  told.length = 0;
  await settle(context, repository, manifest, report);
  expect((await admissionOf(context, repository, manifest))?.state).toBe('recalled');
  expect(told).toEqual([]);
});

test('who committed the files does not count as somebody else who approves them', async () => {
  const { context } = registry;
  const robot = await registry.person('robot', 'approver', 'acme');
  const revision = await registry.push(ann, repository, { 'config.json': '{"c":1}' });
  await admit(context, repository, revision.manifest);
  const version = await seal(context, robot, repository, revision);
  await approve(context, ann, repository, version, { stage: 'production' });
  expect((await promote(context, robot, repository, version, 'production')).isPromoted).toBe(false);
  await approve(context, bob, repository, version, { stage: 'production' });
  expect((await promote(context, robot, repository, version, 'production')).isPromoted).toBe(true);
});
