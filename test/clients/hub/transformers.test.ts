import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { operationsOf } from './operations.ts';
import { serve } from './served.ts';

/**
 * What people do with an unmodified transformers:
 *   python3 -m venv transformers && transformers/bin/pip install transformers torch
 * then: CORDON_TRANSFORMERS_PYTHON=transformers/bin/python npx vitest run test/clients/hub/transformers.test.ts
 */
const PYTHON = process.env.CORDON_TRANSFORMERS_PYTHON ?? '';
const MS = 600_000;
const run = promisify(execFile);

// oxlint-disable-next-line no-console
if (PYTHON === '') console.info('skipped: transformers; CORDON_TRANSFORMERS_PYTHON names no interpreter');

describe.skipIf(PYTHON === '')('transformers', () => {
  test.each([{ xet: true }, { xet: false }])(
    'push, load and be refused, Xet: $xet',
    async ({ xet }) => {
      const { endpoint, key, folder, close } = await serve();
      const caches = join(folder, 'caches');
      await mkdir(caches);
      const env = {
        ...process.env,
        HF_ENDPOINT: endpoint,
        HF_TOKEN: key,
        HF_HOME: join(caches, 'home'),
        HF_HUB_DISABLE_XET: xet ? '0' : '1',
        HF_HUB_DISABLE_TELEMETRY: '1',
        // Why: without it transformers asks a service of the public hub to convert checkpoints.
        DISABLE_SAFETENSORS_CONVERSION: '1',
      };
      const script = join(import.meta.dirname, 'with_transformers.py');
      const { stdout } = await run(PYTHON, [script, caches], { env, maxBuffer: 1 << 26, timeout: MS }).catch(
        (error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }),
      );
      await close();
      const { failed, operations } = operationsOf(stdout);
      expect(failed).toEqual([]);
      expect(operations).toBeGreaterThanOrEqual(30);
    },
    MS,
  );
});
