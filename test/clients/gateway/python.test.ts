import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { SEEN, startGateway } from './models.ts';

/**
 * An interpreter that has the packages openai and anthropic:
 *   python3 -m venv clients && clients/bin/pip install openai anthropic
 * then: CORDON_GATEWAY_PYTHON=clients/bin/python npx vitest run test/clients/gateway
 */
const PYTHON = process.env.CORDON_GATEWAY_PYTHON ?? '';
// oxlint-disable-next-line no-console
if (PYTHON === '') console.info('skipped: CORDON_GATEWAY_PYTHON names no Python with the packages openai and anthropic');

test.skipIf(PYTHON === '')('the Python packages openai and anthropic, with models of either protocol', async () => {
  const gateway = await startGateway();
  try {
    const { server, admin } = gateway.served;
    const args = [join(import.meta.dirname, 'clients.py'), server.url, admin.key, SEEN];
    const { stdout } = await promisify(execFile)(PYTHON, args, { timeout: 50_000 });
    expect(stdout.match(/: ok$/gm)).toHaveLength(4);
    // oxlint-disable-next-line no-console
    console.info(stdout.trim());
  } finally {
    await gateway.close();
  }
});
