import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';

/** The `opa` program for tests: CORDON_OPA, else on the PATH; undefined, loudly, when there is none. */
export function findOpa(): string | undefined {
  const candidate = process.env['CORDON_OPA'] ?? 'opa';
  if (spawnSync(candidate, ['version'], { stdio: 'ignore' }).status === 0) return candidate;
  console.warn(`SKIPPED: tests against a real OPA, because ${JSON.stringify(candidate)} does not run. Install opa or set CORDON_OPA.`);
  return undefined;
}

/** An OPA server of a test. */
export interface OpaServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts `opa run --server` with these files on a free port and waits until it answers. */
export async function startOpa(opa: string, files: readonly string[]): Promise<OpaServer> {
  const port = await freePort();
  const child: ChildProcess = spawn(opa, ['run', '--server', '--log-level=error', `--addr=127.0.0.1:${port}`, ...files], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 200; attempt++) {
    const isUp = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) {
      return {
        url,
        stop: async () => {
          child.kill();
          if (child.exitCode === null) await once(child, 'exit');
        },
      };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill();
  throw new Error('opa did not start');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
