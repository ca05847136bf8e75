import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serve, type Served } from '../hub/served.ts';
import { join } from 'node:path';

/**
 * The matrix of operations with unmodified MLflow clients. For each client:
 *   python3 -m venv clients/3 && clients/3/bin/pip install mlflow==3.17.2 scikit-learn
 * then: CORDON_MLFLOW_PYTHONS=clients/3/bin/python:clients/2/bin/python npx vitest run test/clients/mlflow
 */
const PYTHONS = (process.env.CORDON_MLFLOW_PYTHONS ?? '').split(':').filter((path) => path !== '');
const MATRIX_MS = 600_000;
const run = promisify(execFile);

// oxlint-disable-next-line no-console
if (PYTHONS.length === 0) console.info('skipped: the matrix of MLflow clients; CORDON_MLFLOW_PYTHONS names no interpreter');

describe.skipIf(PYTHONS.length === 0)('mlflow', () => {
  let served: Served;
  beforeAll(async () => {
    served = await serve();
  });
  afterAll(() => served?.close());

  test.each(PYTHONS)(
    '%s',
    async (python) => {
      const env = {
        ...process.env,
        CORDON_URL: served.server.url,
        MLFLOW_TRACKING_URI: `${served.server.url}/mlflow`,
        MLFLOW_TRACKING_TOKEN: served.key,
        MLFLOW_DISABLE_TELEMETRY: 'true',
        MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
        GIT_PYTHON_REFRESH: 'quiet',
      };
      const script = join(import.meta.dirname, 'matrix.py');
      const { stdout, stderr } = await run(python, [script, `matrix${PYTHONS.indexOf(python)}`], {
        env,
        maxBuffer: 1 << 26,
        timeout: MATRIX_MS,
      }).catch((error: { stdout?: string; stderr?: string }) => ({ stdout: error.stdout ?? '', stderr: error.stderr ?? '' }));
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      const results = lines.map((line) => JSON.parse(line) as { ok?: boolean; operations?: number });
      expect(results.filter(({ ok }) => ok === false)).toEqual([]);
      expect(results.at(-1)?.operations ?? stderr).toBeGreaterThan(140);
    },
    MATRIX_MS,
  );
});
