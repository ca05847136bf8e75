import { unwatchFile, watchFile } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Config } from '../../core/config.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { RunningServer } from '../../server/start-server.ts';
import type { Io } from '../io.ts';

/** Why not notifications of the file system: editors and Kubernetes replace files by links and renames, which they lose. */
const LOOK_EVERY_MS = 1_000;

/**
 * Takes the configuration over again when its file changes, and at SIGHUP. One that cannot be used changes nothing, and is told why.
 * Returns what ends it.
 */
export function reloadOnChange(server: RunningServer, file: string | undefined, load: () => Promise<Config>, io: Io): () => void {
  let running = Promise.resolve();
  const reload = (): void => {
    running = running.then(async () => {
      try {
        if (file !== undefined) await requireContent(file);
        const isChanged = await server.reconfigure(await load());
        if (isChanged) io.stderr.write('The configuration was taken over.\n');
      } catch (error) {
        io.stderr.write(`The configuration cannot be used, the one before stays: ${errorMessage(error)}\n`);
      }
    });
  };
  process.on('SIGHUP', reload);
  if (file !== undefined) watchFile(file, { interval: LOOK_EVERY_MS, persistent: false }, reload);
  return () => {
    process.removeListener('SIGHUP', reload);
    if (file !== undefined) unwatchFile(file, reload);
  };
}

/** Why: whoever writes a file in place empties it first, and what is read in between would switch off every model and limit. */
async function requireContent(file: string): Promise<void> {
  if ((await readFile(file, 'utf8')).trim() === '') throw new CordonError('config.invalid', `${file} is empty`);
}
