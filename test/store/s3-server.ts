import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real S3 server for tests: that of `CORDON_TEST_S3` (its URL), or moto's when `CORDON_TEST_MOTO` or the PATH has `moto_server`. */
export interface S3Server {
  readonly endpoint: string;
  stop(): void;
}

/** Why there is none, for the log of skipped tests; undefined when there is one. */
export function whyNoS3(): string | undefined {
  if (process.env['CORDON_TEST_S3'] !== undefined || spawnSync(moto(), ['--help']).error === undefined) return undefined;
  return 'no S3 server: pip install "moto[server]", or set CORDON_TEST_S3 to the URL of one';
}

/** Starts it, or takes the one that runs, with the credentials it accepts in the environment. */
export async function startS3(): Promise<S3Server> {
  process.env['AWS_ACCESS_KEY_ID'] ??= 'test';
  process.env['AWS_SECRET_ACCESS_KEY'] ??= 'test-secret';
  process.env['AWS_REGION'] ??= 'us-east-1';
  const given = process.env['CORDON_TEST_S3'];
  if (given !== undefined) return { endpoint: given, stop: () => undefined };
  const port = await freePort();
  const server = spawn(moto(), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; ; attempt++) {
    if (
      await fetch(endpoint).then(
        () => true,
        () => false,
      )
    )
      return { endpoint, stop: () => server.kill() };
    if (attempt === 200) throw new Error('moto_server did not start');
    await sleep(100);
  }
}

function moto(): string {
  return process.env['CORDON_TEST_MOTO'] ?? 'moto_server';
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
