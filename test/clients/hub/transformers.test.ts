import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runScript, SCRIPT_MS } from './pythons.ts';
import { serve } from './served.ts';

/**
 * What people do with an unmodified transformers:
 *   python3 -m venv transformers && transformers/bin/pip install transformers torch
 * then: CORDON_TRANSFORMERS_PYTHON=transformers/bin/python npx vitest run test/clients/hub/transformers.test.ts
 */
const PYTHON = process.env.CORDON_TRANSFORMERS_PYTHON ?? '';

// oxlint-disable-next-line no-console
if (PYTHON === '') console.info('skipped: transformers; CORDON_TRANSFORMERS_PYTHON names no interpreter');

describe.skipIf(PYTHON === '')('transformers', () => {
  test.each([true, false])(
    'push, load and be refused, Xet: %s',
    async (xet) => {
      const { endpoint, key, folder, close } = await serve();
      const { failed, operations } = await runScript(PYTHON, 'with_transformers.py', [folder], {
        HF_ENDPOINT: endpoint,
        HF_TOKEN: key,
        HF_HOME: join(folder, 'home'),
        HF_HUB_DISABLE_XET: xet ? '0' : '1',
        // Why: without it transformers asks a service of the public hub to convert checkpoints.
        DISABLE_SAFETENSORS_CONVERSION: '1',
      });
      await close();
      expect(failed).toEqual([]);
      expect(operations).toBeGreaterThanOrEqual(30);
    },
    SCRIPT_MS,
  );
});
