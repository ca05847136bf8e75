import { readFile, stat } from 'node:fs/promises';
import type { Config } from '../../core/config.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { RunningServer } from '../../server/start-server.ts';

/**
 * A file is read when two looks in a row find it the same, and other than when it was read. Why looks: editors and Kubernetes replace files
 * by links and renames, which notifications of the file system lose. Why two: whoever writes a file in place is not done at once. Why not
 * `watchFile`: what was changed before its own first look is lost.
 */
const LOOK_EVERY_MS = 400;

/**
 * Takes the configuration over again when its file changes, and at SIGHUP. One that cannot be used changes nothing, and is told why.
 * Returns what ends it.
 */
export function reloadOnChange(
  server: RunningServer,
  file: string | undefined,
  load: () => Promise<Config>,
  tell: (line: string) => void,
): () => void {
  let running = Promise.resolve();
  /** How the file was when it was read; at first it counts as changed, because it may have been since the start read it. */
  let read: string | undefined;
  let seen: string | undefined;

  async function reload(): Promise<void> {
    try {
      // Why before it is read: what is written in between is found by the next look.
      if (file !== undefined) read = await stateOf(file);
      if (file !== undefined) await requireContent(file);
      const isChanged = await server.reconfigure(await load());
      if (isChanged) tell('The configuration was taken over.');
    } catch (error) {
      tell(`The configuration cannot be used, the one before stays: ${errorMessage(error)}`);
    }
  }

  async function look(path: string): Promise<void> {
    const found = await stateOf(path);
    const isStill = found === seen;
    seen = found;
    if (isStill && found !== read) await reload();
  }

  const inTurn = (work: () => Promise<void>): void => void (running = running.then(work));
  const signalled = (): void => inTurn(reload);
  process.on('SIGHUP', signalled);
  const timer = file === undefined ? undefined : setInterval(() => inTurn(() => look(file)), LOOK_EVERY_MS).unref();
  return () => {
    process.removeListener('SIGHUP', signalled);
    clearInterval(timer);
  };
}

/** What is different after each change of the file, or of where a link leads to. */
async function stateOf(file: string): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true }).catch(() => ({ ino: 0n, size: 0n, mtimeNs: 0n, ctimeNs: 0n }));
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
}

/** Why: whoever writes a file in place empties it first, and what is read in between would switch off every model and limit. */
async function requireContent(file: string): Promise<void> {
  if ((await readFile(file, 'utf8')).trim() === '') throw new CordonError('config.invalid', `${file} is empty`);
}
