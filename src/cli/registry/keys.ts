import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from './client.ts';

interface Key {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: object;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
}

/** Options of `cordon keys create` as commander gives them. */
interface CreateFlags extends ServerFlags {
  readonly for?: string;
  readonly days?: number;
  readonly action?: readonly string[];
  readonly namespace?: readonly string[];
  readonly repository?: readonly string[];
}

const DAY_MS = 86_400_000;

/** `cordon keys create NAME`: only the secret goes to standard output, so that it can go straight into a secret store. */
export async function keysCreateCommand(name: string, flags: CreateFlags, io: Io): Promise<number> {
  const { action: actions, namespace: namespaces, repository: repositories } = flags;
  const scopes = {
    ...(actions !== undefined && actions.length > 0 && { actions }),
    ...(namespaces !== undefined && namespaces.length > 0 && { namespaces }),
    ...(repositories !== undefined && repositories.length > 0 && { repositories }),
  };
  const body = {
    name,
    scopes,
    ...(flags.for !== undefined && { principal: flags.for }),
    ...(flags.days !== undefined && { expiresAt: new Date(Date.now() + flags.days * DAY_MS).toISOString() }),
  };
  const { key, secret } = await new Client(flags, io).post<{ key: Key; secret: string }>('/keys', body);
  io.stderr.write(`key ${key.id}, shown this once:\n`);
  io.stdout.write(`${secret}\n`);
  return EXIT.allowed;
}

/** `cordon keys list`. */
export async function keysListCommand(flags: ServerFlags & { readonly all?: boolean; readonly json?: boolean }, io: Io): Promise<number> {
  const keys = await new Client(flags, io).get<readonly Key[]>(`/keys?all=${flags.all === true}`);
  if (flags.json === true) {
    io.stdout.write(`${JSON.stringify(keys, null, 2)}\n`);
    return EXIT.allowed;
  }
  for (const { id, name, prefix, expiresAt, revokedAt, lastUsedAt } of keys) {
    const state = revokedAt !== null ? `revoked ${revokedAt}` : expiresAt === null ? 'no end' : `until ${expiresAt}`;
    io.stdout.write(`${id}  ${prefix}…  ${printable(name)}  ${state}  ${lastUsedAt === null ? 'never used' : `last used ${lastUsedAt}`}\n`);
  }
  return EXIT.allowed;
}

/** `cordon keys revoke ID`: by id, or by the first characters of the key itself. */
export async function keysRevokeCommand(id: string, flags: ServerFlags, io: Io): Promise<number> {
  const client = new Client(flags, io);
  const found = id.startsWith('cordon_') ? await byPrefix(client, id) : id;
  await client.delete(`/keys/${encodeURIComponent(found)}`);
  io.stdout.write(`revoked ${found}\n`);
  return EXIT.allowed;
}

async function byPrefix(client: Client, start: string): Promise<string> {
  const keys = (await client.get<readonly Key[]>('/keys?all=false')).filter(({ prefix }) => start.startsWith(prefix));
  const [key] = keys;
  if (key === undefined || keys.length > 1)
    throw new CordonError('usage.invalid', `${keys.length} of your keys begin like that; name one by its id`);
  return key.id;
}
