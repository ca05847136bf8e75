import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CordonError } from '../../core/errors.ts';
import { exampleFinding, exampleInput } from '../testing/example-input.ts';
import { resolveGate } from '../gates.ts';
import { readBundle } from './bundle.ts';
import { openWasmPolicy } from './wasm.ts';

const BUNDLE = readFileSync(new URL('../../../examples/policies/rego/default-gate.tar.gz', import.meta.url));
const GATE = resolveGate('ci', { gates: {} });
const path = 'cordon/decision';

test('a bundle and its bare policy.wasm decide alike', async () => {
  const input = exampleInput({ findings: [exampleFinding({ severity: 'critical' })], completeness: 'inconclusive' });
  const bundled = await openWasmPolicy({ gate: GATE, bytes: BUNDLE, source: 'bundle.tar.gz', path });
  const bare = await openWasmPolicy({ gate: GATE, bytes: readBundle(BUNDLE, 'b').wasm, source: 'policy.wasm', path });
  expect(bundled(input)).toMatchObject({
    engine: 'opa-wasm',
    effect: 'deny',
    reasons: [
      { id: 'critical', effect: 'deny', message: 'Critical findings: 1', inputs: [] },
      { id: 'incomplete', effect: 'deny' },
    ],
  });
  expect(bare(input).reasons).toEqual(bundled(input).reasons);
  expect(bundled(exampleInput()).effect).toBe('allow');
});

test('one policy decides many and large inputs', async () => {
  const decide = await openWasmPolicy({ gate: GATE, bytes: BUNDLE, source: 'b', path });
  const findings = Array.from({ length: 3_000 }, (_, index) => exampleFinding({ id: `f${index}`, message: 'x'.repeat(300) }));
  for (let round = 0; round < 5; round++) {
    expect(decide(exampleInput({ findings })).reasons[0]?.message).toBe('High findings: 3000');
    expect(decide(exampleInput()).effect).toBe('allow');
  }
});

test.each([
  ['nothing', new Uint8Array(), 'is neither a bundle'],
  ['text', new TextEncoder().encode('package cordon'), 'is neither a bundle'],
  ['half a bundle', BUNDLE.subarray(0, 20_000), 'is not a readable bundle'],
  ['a broken module', Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 99]), 'cannot be loaded'],
  ['a module that is no policy', Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), 'cannot be loaded'],
])('%s is refused', async (_name, bytes, message) => {
  await expect(openWasmPolicy({ gate: GATE, bytes, source: 'p', path })).rejects.toThrow(message);
});

test('an unknown entrypoint is refused and the known ones are named', async () => {
  await expect(openWasmPolicy({ gate: GATE, bytes: BUNDLE, source: 'p', path: 'cordon/decison' })).rejects.toThrow(
    'p has no entrypoint "cordon/decison"; it has cordon/decision',
  );
});

test('any damage to a bundle: an error of ours or a bundle', () => {
  fc.assert(
    fc.property(fc.nat(BUNDLE.length - 1), fc.nat(255), fc.boolean(), (position, byte, cut) => {
      const damaged = Uint8Array.from(cut ? BUNDLE.subarray(0, position) : BUNDLE);
      damaged[position] = byte;
      try {
        readBundle(damaged, 'p');
      } catch (error) {
        expect(error).toBeInstanceOf(CordonError);
      }
    }),
    { numRuns: 50 },
  );
});
