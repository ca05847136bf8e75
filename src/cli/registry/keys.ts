import { CordonError } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from './client.ts';

interface Key {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly principal: string;
  readonly scopes: object;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly madeWith: string | null;
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
  readonly model?: readonly string[];
  readonly route?: readonly string[];
  readonly tool?: readonly string[];
  readonly ip?: readonly string[];
  readonly profile?: string;
  readonly requests?: object;
  readonly tokens?: object;
  readonly concurrency?: number;
  readonly budget?: object;
  readonly originals?: boolean;
}

const DAY_MS = 86_400_000;

/** `cordon keys create NAME`: only the secret goes to standard output, so that it can go straight into a secret store. */
export async function keysCreateCommand(name: string, flags: CreateFlags, io: Io): Promise<number> {
  const scopes = scopesOf(flags);
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

/** What was asked for, and nothing that was not. */
function scopesOf(flags: CreateFlags): object {
  const lists = {
    actions: flags.action,
    namespaces: flags.namespace,
    repositories: flags.repository,
    models: flags.model,
    routes: flags.route,
    tools: flags.tool,
    ips: flags.ip,
  };
  const { profile, requests, tokens, concurrency, budget, originals } = flags;
  const limits = defined({ requests, tokens, concurrency, budget });
  const named = Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined && list.length > 0));
  const scopes = {
    ...named,
    ...defined({ profile, seesOriginals: originals }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
  const isForGateway = ['models', 'routes', 'tools', 'profile', 'limits', 'seesOriginals'].some((name) => Object.hasOwn(scopes, name));
  // Why: such a key goes into an application, which calls models and does nothing else.
  return isForGateway && named['actions'] === undefined ? { actions: ['invoke'], ...scopes } : scopes;
}

function defined(values: object): object {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** `cordon keys list [PREFIX]`. */
export async function keysListCommand(
  start: string | undefined,
  flags: ServerFlags & { readonly all?: boolean; readonly json?: boolean },
  io: Io,
): Promise<number> {
  const query = new URLSearchParams({ all: String(flags.all === true), ...(start !== undefined && { prefix: shown(start) }) });
  const keys = await new Client(flags, io).get<readonly Key[]>(`/keys?${query}`);
  if (flags.json === true) {
    io.stdout.write(`${JSON.stringify(keys, null, 2)}\n`);
    return EXIT.allowed;
  }
  for (const { id, name, prefix, principal, madeWith, expiresAt, revokedAt, lastUsedAt } of keys) {
    const state = revokedAt !== null ? `revoked ${revokedAt}` : expiresAt === null ? 'no end' : `until ${expiresAt}`;
    const whose = flags.all === true ? `  of ${principal}` : '';
    io.stdout.write(
      `${id}  ${prefix}…  ${printable(name)}${whose}  ${state}  ${lastUsedAt === null ? 'never used' : `last used ${lastUsedAt}`}${madeWith === null ? '' : `  made with ${madeWith}`}\n`,
    );
  }
  return EXIT.allowed;
}

/** `cordon keys rotate ID`: only the new secret goes to standard output. */
export async function keysRotateCommand(
  id: string,
  flags: ServerFlags & { readonly overlap?: number; readonly now?: boolean },
  io: Io,
): Promise<number> {
  const client = new Client(flags, io);
  const found = id.startsWith('cordon_') ? await byPrefix(client, id) : id;
  const overlapMs = flags.now === true ? 0 : (flags.overlap ?? DAY_MS);
  const body = { overlapSeconds: Math.ceil(overlapMs / 1_000) };
  const { key, secret } = await client.post<{ key: Key; secret: string }>(`/keys/${encodeURIComponent(found)}/rotate`, body);
  io.stderr.write(`key ${key.id} succeeds ${found}, shown this once:\n`);
  io.stdout.write(`${secret}\n`);
  return EXIT.allowed;
}

/** `cordon keys revoke ID [--cascade]`: by id, or by the first characters of the key itself. */
export async function keysRevokeCommand(id: string, flags: ServerFlags & { readonly cascade?: boolean }, io: Io): Promise<number> {
  const client = new Client(flags, io);
  const found = id.startsWith('cordon_') ? await byPrefix(client, id) : id;
  const { revoked } = await client.delete<{ revoked: readonly string[] }>(
    `/keys/${encodeURIComponent(found)}?cascade=${flags.cascade === true}`,
  );
  for (const one of revoked) io.stdout.write(`revoked ${one}\n`);
  if (revoked.length === 0) io.stdout.write(`${found} was revoked already\n`);
  return EXIT.allowed;
}

/** Of a whole key, the part that everybody may see. */
function shown(start: string): string {
  return start.slice(0, 'cordon_'.length + 6);
}

async function byPrefix(client: Client, start: string): Promise<string> {
  const all = await client.get<readonly Key[]>(`/keys?${new URLSearchParams({ prefix: shown(start) })}`);
  const keys = all.filter(({ prefix, revokedAt }) => start.startsWith(prefix) && revokedAt === null);
  const [key] = keys;
  if (key === undefined || keys.length > 1)
    throw new CordonError('usage.invalid', `${keys.length} of your keys begin like that; name one by its id`);
  return key.id;
}
