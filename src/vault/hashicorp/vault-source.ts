import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { memberOf } from '../secrets/select-field.ts';
import type { SecretSource } from '../secrets/secret-source.ts';
import type { VaultSession } from './vault-session.ts';

const Mount = z.object({ data: z.object({ path: z.string(), type: z.string(), options: z.record(z.string(), z.unknown()).nullish() }) });
const Data = z.record(z.string(), z.unknown());
const Read = z.object({
  data: Data,
  lease_id: z.string().default(''),
  lease_duration: z.number().min(0).default(0),
  renewable: z.boolean().default(false),
});
const Versioned = z.object({ data: z.object({ data: Data }) });
const Renewal = z.object({ lease_duration: z.number().min(0) });

interface Held {
  readonly data: Readonly<Record<string, unknown>>;
  readonly lease?: { readonly id: string; readonly first: number; readonly renewable: boolean };
  /** Epoch milliseconds. */
  readonly until?: number;
}

export interface VaultSourceOptions {
  readonly session: VaultSession;
  /** `auto`: the Vault is asked what is mounted. */
  readonly kv: 'auto' | '1' | '2' | 'other';
  readonly now: () => number;
}

/**
 * Secrets of HashiCorp Vault and OpenBao (`vault:mount/path#field`): key-value engines of both versions, and engines that make secrets
 * when they are read. What has a lease is renewed at half its time and read anew when that ends, one read for all its fields: a user
 * name and its password are of one lease.
 */
export function vaultSource({ session, kv, now }: VaultSourceOptions): SecretSource {
  const held = new Map<string, Held>();
  const reading = new Map<string, Promise<Held>>();
  const mounts = new Map<string, { readonly path: string; readonly isVersioned: boolean }>();

  async function mountOf(name: string, signal: AbortSignal): Promise<{ readonly path: string; readonly isVersioned: boolean }> {
    const first = `${name.split('/')[0] ?? ''}/`;
    if (kv !== 'auto') return { path: first, isVersioned: kv === '2' };
    const known = [...mounts.values()].find(({ path }) => name.startsWith(path));
    if (known !== undefined) return known;
    const { status, json } = await session.call('GET', `sys/internal/ui/mounts/${encoded(name)}`, undefined, signal);
    const answer = Mount.safeParse(json);
    if (status !== 200 || !answer.success || !name.startsWith(answer.data.data.path))
      throw unavailable(
        `the vault does not say what is mounted there (status ${status}); the policy of the token may not allow the path, or say secrets.vault.kv`,
      );
    const { path, type, options } = answer.data.data;
    const mount = { path, isVersioned: type === 'kv' && options?.version === '2' };
    mounts.set(path, mount);
    return mount;
  }

  async function fresh(name: string, signal: AbortSignal): Promise<Held> {
    const { path, isVersioned } = await mountOf(name, signal);
    const target = isVersioned ? `${encoded(path)}data/${encoded(name.slice(path.length))}` : encoded(name);
    const { status, json } = await session.call('GET', target, undefined, signal);
    if (status === 404) throw new CordonError('secret.missing', `the vault has no secret ${name}`);
    if (status !== 200) throw unavailable(`the vault does not give ${name} (status ${status})`);
    const answer = isVersioned ? Versioned.safeParse(json) : Read.safeParse(json);
    if (!answer.success) throw unavailable(`the vault does not answer for ${name} as documented`);
    if ('lease_id' in answer.data) {
      const { data, lease_id: id, lease_duration: seconds, renewable } = answer.data;
      return id === '' || seconds === 0 ? { data } : { data, lease: { id, first: seconds, renewable }, until: now() + seconds * 500 };
    }
    return { data: (answer.data as z.infer<typeof Versioned>).data.data };
  }

  async function renewed({ data, lease }: Held, signal: AbortSignal): Promise<Held | undefined> {
    if (lease?.renewable !== true) return undefined;
    const { status, json } = await session.call('PUT', 'sys/leases/renew', { lease_id: lease.id, increment: lease.first }, signal);
    const answer = Renewal.safeParse(json);
    // Why a quarter: near its greatest age a lease is renewed for ever shorter times.
    if (status !== 200 || !answer.success || answer.data.lease_duration < lease.first / 4) return undefined;
    return { data, lease, until: now() + answer.data.lease_duration * 500 };
  }

  async function current(name: string, signal: AbortSignal): Promise<Held> {
    const last = held.get(name);
    if (last?.until !== undefined && now() < last.until) return last;
    const next = (last === undefined ? undefined : await renewed(last, signal)) ?? (await fresh(name, signal));
    if (next.lease === undefined) held.delete(name);
    else held.set(name, next);
    return next;
  }

  return {
    async read({ name, field }, signal) {
      let running = reading.get(name);
      if (running === undefined) reading.set(name, (running = current(name, signal).finally(() => reading.delete(name))));
      const { data, until } = await running;
      const bytes = field === undefined ? Buffer.from(JSON.stringify(data)) : memberOf(data, field, `vault:${name}`);
      return { bytes, ...(until !== undefined && { until }) };
    },
    async close() {
      held.clear();
      await session.close();
    },
  };
}

function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

function unavailable(message: string): CordonError {
  return new CordonError('secret.unavailable', message);
}
