import { randomBytes } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SECRET_FILE } from './open-owners.ts';

/**
 * Makes the folder in which workers find their secret and each other's sockets; only this user may enter it. Why not in the data folder:
 * names of sockets are short by force (about 100 bytes).
 */
export async function workersFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-'));
  await writeFile(join(folder, SECRET_FILE), randomBytes(32).toString('hex'), { mode: 0o600 });
  return folder;
}
