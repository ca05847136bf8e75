import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SPENDER = fileURLToPath(new URL('spender.ts', import.meta.url));

/** What came of it. Micro-dollars. */
export interface SpendReport {
  readonly kills: number;
  readonly calls: number;
  readonly spent: number;
  readonly budget: number;
}

/**
 * Processes spend one budget in one database and are killed (SIGKILL) at random moments, for which everything in flight counts as
 * spent; new ones take their place. Ends when the number of kills is reached.
 */
export async function killSpenders({
  kills,
  usd,
  processes = 2,
}: {
  kills: number;
  usd: number;
  processes?: number;
}): Promise<SpendReport> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-spend-'));
  const database = join(folder, 'cordon.db');
  let [done, calls, spent] = [0, 0, 0];
  try {
    const one = async (): Promise<void> => {
      while (done < kills) {
        done++;
        const outcome = await spendAndDie(database, usd);
        calls += outcome.calls;
        spent += outcome.spent;
      }
    };
    await Promise.all(Array.from({ length: processes }, one));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { kills: done, calls, spent, budget: Math.round(usd * 1e6) };
}

async function spendAndDie(database: string, usd: number): Promise<{ calls: number; spent: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', SPENDER, database, String(usd)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const inFlight: number[] = [];
  let [calls, spent, rest] = [0, 0, ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [what, reserved, real] = line.split(' ');
      if (what === 'ready') killSoon(child);
      if (what === 'begin') inFlight.push(Number(reserved));
      if (what === 'end') {
        inFlight.splice(inFlight.indexOf(Number(reserved)), 1);
        calls++;
        spent += Number(real);
      }
    }
  });
  await ended;
  return { calls, spent: spent + inFlight.reduce((sum, reserved) => sum + reserved, 0) };
}

function killSoon(child: ChildProcess): void {
  setTimeout(() => child.kill('SIGKILL'), 20 + Math.random() * 600);
}
