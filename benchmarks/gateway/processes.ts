import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A server under measurement. */
export interface Measured {
  readonly child: ChildProcess;
  /** CPU seconds of the process and everything it started. */
  cpuS(): number;
  /** Largest resident set so far, MiB. */
  peakMib(): number;
  /** It and everything it started. */
  pids(): number[];
  stop(): Promise<void>;
}

const TICKS = 100;

/** Starts a command and waits until `isReady` says so; throws with what it printed when it does not within a minute. */
export async function start(
  command: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv },
  isReady: (said: string) => boolean | Promise<boolean>,
): Promise<Measured> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  const hear = (chunk: Buffer): void => void (said += chunk.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  for (let attempt = 0; !(await isReady(said)); attempt++) {
    if (attempt > 600 || child.exitCode !== null) throw new Error(`${program} did not start: ${said}`);
    await new Promise((settled) => setTimeout(settled, 100));
  }
  return {
    child,
    cpuS: () => tree(child.pid!).reduce((sum, pid) => sum + cpuS(pid), 0),
    peakMib: () => tree(child.pid!).reduce((sum, pid) => sum + peakOf(pid), 0),
    pids: () => tree(child.pid!),
    stop: () =>
      new Promise((settled) => {
        child.on('close', () => settled());
        process.kill(-child.pid!, 'SIGKILL');
      }),
  };
}

/** A process and its descendants. */
function tree(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(Number(name));
    if (fields !== undefined) parents.set(Number(name), Number(fields[1]));
  }
  const found = [root];
  for (let at = 0; at < found.length; at++) for (const [pid, parent] of parents) if (parent === found[at]) found.push(pid);
  return found;
}

/** The fields of /proc/PID/stat behind the name: state, parent, ... */
function statOf(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** CPU seconds of one process, all its threads. */
export function cpuS(pid: number): number {
  const fields = statOf(pid);
  return fields === undefined ? 0 : (Number(fields[11]) + Number(fields[12])) / TICKS;
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
