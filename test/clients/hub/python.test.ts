import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operationsOf } from './operations.ts';
import { serve, type Served } from './served.ts';

/**
 * The matrix of operations with unmodified Python clients. For each client:
 *   python3 -m venv clients/2.0.0 && clients/2.0.0/bin/pip install huggingface_hub==2.0.0 hf_xet
 * then: CORDON_HUB_PYTHONS=clients/0.36.0/bin/python:clients/2.0.0/bin/python npx vitest run test/clients/hub
 */
const PYTHONS = (process.env.CORDON_HUB_PYTHONS ?? '').split(':').filter((path) => path !== '');
const MATRIX_MS = 600_000;
const run = promisify(execFile);

// oxlint-disable-next-line no-console
if (PYTHONS.length === 0) console.info('skipped: the matrix of Python clients; CORDON_HUB_PYTHONS names no interpreter');

describe.skipIf(PYTHONS.length === 0)('huggingface_hub', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.close());

  test.each(
    PYTHONS.flatMap((python) => [
      { python, xet: true },
      { python, xet: false },
    ]),
  )(
    '$python, Xet: $xet',
    async ({ python, xet }) => {
      const { endpoint, key, folder } = served;
      const env = {
        ...process.env,
        HF_ENDPOINT: endpoint,
        HF_TOKEN: key,
        HF_HOME: join(folder, `home-${PYTHONS.indexOf(python)}-${xet}`),
        HF_HUB_DISABLE_XET: xet ? '0' : '1',
        HF_HUB_DISABLE_TELEMETRY: '1',
        HF_HUB_DISABLE_PROGRESS_BARS: '1',
      };
      const name = `matrix-${PYTHONS.indexOf(python)}-${xet}`;
      const script = join(import.meta.dirname, 'matrix.py');
      const { stdout } = await run(python, [script, name], { env, maxBuffer: 1 << 26, timeout: MATRIX_MS }).catch(
        (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
      );
      const { failed, operations } = operationsOf(stdout);
      expect(failed).toEqual([]);
      expect(operations).toBeGreaterThan(300);
    },
    MATRIX_MS,
  );
});
