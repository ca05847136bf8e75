import { isOwned } from '../../engine/gateway/audit/journal/owner.ts';
import { join } from 'node:path';

/** Why: more servers than anybody starts on one folder. */
const MOST = 256;

/** The number of the first journal that no living process writes: several servers may run on one data folder. */
export function freeJournal(folder: string): number {
  for (let worker = 0; worker < MOST; worker++) if (!isOwned(join(folder, `worker-${worker}`))) return worker;
  return 0;
}
