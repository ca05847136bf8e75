import { expect, test } from 'vitest';
import type { Bill } from '../bom/bill.ts';
import { edgesOf } from './edges-of.ts';

test('attested inputs by digest, declared ones by name and kind', () => {
  const known = (basis: 'attested' | 'declared', value: { name: string; sha256?: string }) => ({ value, basis, source: 's' });
  const sha256 = 'a'.repeat(64);
  const bill = {
    baseModels: [known('declared', { name: 'org/base' })],
    datasets: [known('attested', { name: 'corpus', sha256 })],
    tools: [{ ...known('attested', { name: 'image', sha256 }), role: 'container' }],
  } as unknown as Bill;
  expect(edgesOf(bill, 'manifest', 'att')).toEqual([
    { ancestor: 'base-model:org/base', descendant: 'manifest', relation: 'base-model', basis: 'declared' },
    { ancestor: `sha256:${sha256}`, descendant: 'manifest', relation: 'dataset', basis: 'attested', attestation: 'att' },
    { ancestor: `sha256:${sha256}`, descendant: 'manifest', relation: 'container', basis: 'attested', attestation: 'att' },
  ]);
});
