import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decision } from '../../core/decision.ts';
import { SEVERITIES } from '../../core/severity.ts';
import { compileGate, decide } from '../cel/gate.ts';
import { exampleArtifact, exampleFinding, exampleInput } from '../testing/example-input.ts';
import { resolveGate } from '../gates.ts';
import type { PolicyInput } from '../input-document.ts';
import { findOpa, type OpaServer, startOpa } from '../../../test/opa-binary.ts';
import { openServerPolicy } from './server.ts';
import { openWasmPolicy } from './wasm.ts';

const REGO = fileURLToPath(new URL('../../../examples/policies/rego/default-gate.rego', import.meta.url));
const bytes = readFileSync(new URL('../../../examples/policies/rego/default-gate.tar.gz', import.meta.url));
const gate = resolveGate('ci', { gates: {} });
const path = 'cordon/decision';
const opa = findOpa();

const finding = fc
  .record({
    severity: fc.constantFrom(...SEVERITIES),
    suppressed: fc.boolean(),
    unread: fc.boolean(),
    path: fc.constantFrom('a.pkl', 'b/c.pt', 'ü %d.bin'),
  })
  .map((given) => exampleFinding(given));
const count = fc.constantFrom(0, 1, 2);

/** Any input the built-in gate tells apart. Up to eight findings: messages list at most ten paths. */
const input: fc.Arbitrary<PolicyInput> = fc
  .record({
    findings: fc.array(finding, { maxLength: 8 }),
    completeness: fc.constantFrom('complete', 'inconclusive', 'not-scanned'),
    waivers: fc.record({ active: count, nearExpiry: count, expired: count, unmatched: count, refused: count }),
  })
  .map(({ findings, completeness, waivers }) => {
    const { context } = exampleInput();
    return exampleInput({ findings, completeness, artifacts: [exampleArtifact()], context: { ...context, waivers } });
  });

/** What must be equal: everything but who decided, by which policy, and the inputs that only CEL can name. */
function essence(decision: Decision): unknown {
  const { reasons, engine: _engine, policy: _policy, ...rest } = decision;
  return { ...rest, reasons: reasons.map(({ id, effect, message }) => ({ id, effect, message })) };
}

const cel = compileGate(gate);

test('the built-in gate in CEL and in WebAssembly decides alike', async () => {
  const wasm = await openWasmPolicy({ gate, bytes, source: 'fixture', path });
  fc.assert(
    fc.property(input, (subject) => {
      expect(essence(wasm(subject))).toEqual(essence(decide(cel, subject)));
    }),
  );
});

describe.skipIf(opa === undefined)('with a real OPA', () => {
  let server: OpaServer;

  beforeAll(async () => {
    server = await startOpa(opa ?? '', [REGO]);
  });
  afterAll(() => server.stop());

  test('the built-in gate in CEL and on an OPA server decides alike', async () => {
    const ask = openServerPolicy({ gate, url: server.url, path, timeoutMs: 5_000 });
    await fc.assert(
      fc.asyncProperty(input, async (subject) => {
        expect(essence(await ask(subject))).toEqual(essence(decide(cel, subject)));
      }),
    );
  });

  test('a path that is not there denies', async () => {
    const decision = await openServerPolicy({ gate, url: server.url, path: 'cordon/decison', timeoutMs: 5_000 })(exampleInput());
    expect(decision.reasons.map(({ id, message }) => [id, message])).toEqual([
      ['policy-unavailable', expect.stringContaining('the policy is undefined at this path')],
    ]);
  });
});
