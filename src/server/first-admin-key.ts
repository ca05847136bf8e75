import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createFirstAdmin } from '../identity/first-admin.ts';
import type { Identity } from '../identity/identity.ts';
import { knownSecret, newSecret } from '../identity/tokens/secret.ts';
import { FIRST_ADMIN_FILE } from './data-folder.ts';
import { secretFile } from './secret-file.ts';

/** Key of the first administrator that nobody has seen yet. */
export interface FirstAdminKey {
  readonly secret: string;
  /** Somebody has it: it is kept nowhere any more. */
  shown(): Promise<void>;
}

/**
 * Makes the first administrator in an empty database, and its key. Why the key is written down first, for its owner alone: a process
 * that dies between the database and the screen would leave a registry that nobody can enter. Until it was shown or used, every start
 * shows it again.
 */
export async function firstAdminKey(identity: Identity, data: string): Promise<FirstAdminKey | undefined> {
  const file = join(data, FIRST_ADMIN_FILE);
  const waiting =
    (await textOf(file)) ?? ((await isEmpty(identity)) ? (await secretFile(file, () => newSecret().secret)).toString() : undefined);
  if (waiting === undefined) return undefined;
  const shown = (): Promise<void> => rm(file, { force: true });
  const made = knownSecret(waiting);
  if ((await createFirstAdmin(identity, made)) !== undefined || (await isUnused(identity, made.hash))) return { secret: waiting, shown };
  // Another server made the administrator, or somebody has used the key.
  await shown();
  return undefined;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function isEmpty(identity: Identity): Promise<boolean> {
  return (await identity.store.db.selectFrom('principal').select('id').limit(1).executeTakeFirst()) === undefined;
}

async function isUnused(identity: Identity, hash: string): Promise<boolean> {
  const row = await identity.store.db
    .selectFrom('token')
    .select(['last_used_at', 'revoked_at'])
    .where('hash', '=', hash)
    .executeTakeFirst();
  return row !== undefined && row.last_used_at === null && row.revoked_at === null;
}
