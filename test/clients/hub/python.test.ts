import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nameOf, PYTHONS, runScript, SCRIPT_MS } from './pythons.ts';
import { serve, type Served } from './served.ts';

/**
 * Operations with unmodified Python clients. For each client:
 *   python3 -m venv clients/2.0.0 && clients/2.0.0/bin/pip install huggingface_hub==2.0.0 hf_xet
 * then: CORDON_HUB_PYTHONS=clients/0.36.0/bin/python:clients/2.0.0/bin/python npx vitest run test/clients/hub
 */
// oxlint-disable-next-line no-console
if (PYTHONS.length === 0) console.info('skipped: the matrix of Python clients; CORDON_HUB_PYTHONS names no interpreter');

describe.skipIf(PYTHONS.length === 0)('huggingface_hub', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.close());

  test.each(PYTHONS.flatMap((python) => [true, false].map((xet) => ({ python, xet }))))(
    '$python, Xet: $xet',
    async ({ python, xet }) => {
      const name = `matrix-${nameOf(python)}-${xet}`;
      const { failed, operations } = await runScript(python, 'matrix.py', [name], {
        HF_ENDPOINT: served.endpoint,
        HF_TOKEN: served.key,
        HF_HOME: join(served.folder, name),
        HF_HUB_DISABLE_XET: xet ? '0' : '1',
      });
      expect(failed).toEqual([]);
      expect(operations).toBeGreaterThan(300);
    },
    SCRIPT_MS,
  );

  test.each(PYTHONS.map((python, index) => ({ python, others: PYTHONS.slice(0, index) })))(
    '$python, downloads by Xet',
    async ({ python, others }) => {
      const { failed, operations } = await runScript(
        python,
        'with_xet.py',
        [python, ...others].map((one) => `acme/xet-${nameOf(one)}`),
        {
          HF_ENDPOINT: served.endpoint,
          HF_TOKEN: served.key,
          HF_TOKEN_2: await served.stranger(),
          HF_HOME: join(served.folder, `xet-${nameOf(python)}`),
        },
      );
      expect(failed).toEqual([]);
      expect(operations).toBeGreaterThan(20);
    },
    SCRIPT_MS,
  );
});
