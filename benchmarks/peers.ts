import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';

/** Another scanner that is installed in a Python environment. */
export interface Peer {
  readonly name: string;
  scan(path: string): string[];
  /** What its exit code says of one file. */
  verdict(exit: number | null): 'flagged' | 'clean' | 'error';
}

/** The peers that this Python can run. Missing ones are left out and said so. */
export function peers(python: string): Peer[] {
  return CANDIDATES(dirname(spawnSync(python, ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout.trim())).filter(
    (peer) => {
      const [program = ''] = peer.scan('');
      const found = spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined;
      if (!found) console.error(`${peer.name} is not installed beside ${python}: left out`);
      return found;
    },
  );
}

const CANDIDATES = (bin: string): Peer[] => [
  {
    name: 'picklescan',
    scan: (path) => [join(bin, 'picklescan'), '-p', path],
    verdict: (exit) => (exit === 0 ? 'clean' : exit === 1 ? 'flagged' : 'error'),
  },
  {
    name: 'modelscan',
    scan: (path) => [join(bin, 'modelscan'), '-p', path],
    verdict: (exit) => (exit === 0 ? 'clean' : exit === 1 ? 'flagged' : 'error'),
  },
  {
    name: 'fickling',
    scan: (path) => [join(bin, 'fickling'), '--check-safety', path],
    verdict: (exit) => (exit === 0 ? 'clean' : exit === 1 ? 'flagged' : 'error'),
  },
];
