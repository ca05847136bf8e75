import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Bill } from '../../src/evidence/bom/bill.ts';
import { spdxBill } from '../../src/evidence/bom/spdx.ts';

/** The bindings that the SPDX project makes from its own model: `pip install spdx-python-model`. */
const python = process.env['CORDON_SPDX_PYTHON'] ?? 'python3';
const isThere = spawnSync(python, ['-c', 'from spdx_python_model import v3_0_1']).status === 0;
if (!isThere) console.warn(`skipped: ${python} has no spdx-python-model; install it and name that Python in CORDON_SPDX_PYTHON`);

const folder = mkdtempSync(join(tmpdir(), 'cordon-spdx-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const READ = `
import sys
from spdx_python_model import v3_0_1 as spdx
objects = spdx.SHACLObjectSet()
with open(sys.argv[1], 'rb') as file: spdx.JSONLDDeserializer().read(file, objects)
assert not objects.missing_ids, objects.missing_ids
print(','.join(sorted(package.name for package in objects.foreach_type(spdx.ai_AIPackage))))
`;

const known = <Value>(value: Value) => ({ value, basis: 'declared' as const, source: 'README.md' });
const bill: Bill = {
  name: 'model',
  version: '1',
  supplier: 'Org',
  downloadLocation: 'https://models.example/m',
  rootDigest: 'a'.repeat(64),
  files: [{ path: 'ü/a b.bin', sha256: 'b'.repeat(64), size: 3, format: 'unknown' }],
  fields: {
    task: known('text-generation'),
    metrics: known({ accuracy: 0.9 }),
    hyperparameters: known({ lr: 0.1 }),
    architecture: known('llama'),
  },
  licences: [known('mit'), known('my own licence')],
  languages: [known('en')],
  baseModels: [known({ name: 'base', uri: 'pkg:huggingface/org/base@1', sha256: 'c'.repeat(64) })],
  datasets: [known({ name: 'corpus' })],
  tools: [{ ...known({ name: 'image' }), role: 'container' }],
  contradictions: [],
  vulnerabilities: [],
  verdict: 'clean',
  completeness: 'complete',
  tool: { version: '1', rules: 'r' },
};

test.skipIf(!isThere)('the bindings of the SPDX project read a bill without complaint', () => {
  const file = join(folder, 'bill.json');
  writeFileSync(file, spdxBill(bill, '2026-11-21T00:00:00Z'));
  const { stdout, stderr } = spawnSync(python, ['-c', READ, file], { encoding: 'utf8' });
  expect([stdout.trim(), stderr.trim()]).toEqual(['base,model', '']);
});
