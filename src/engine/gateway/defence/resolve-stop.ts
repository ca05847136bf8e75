import { CordonError } from '../../../core/errors.ts';
import { networkText, parseNetwork } from '../../../identity/addresses/ip-set.ts';
import type { Principal } from '../../../identity/permission.ts';
import { GLOB } from '../../../identity/permissions/globs.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { StopKind } from './stop.ts';

/** Throws `access.denied` unless the actor may recall it: a thing of the gateway, or anything at all. */
export function requireMayStop(actor: Principal, kind: StopKind, value: string): void {
  const object = kind === 'model' || kind === 'tool' || kind === 'route' ? `${kind}:${value}` : '*';
  if (!actor.can('recall', object))
    throw new CordonError('access.denied', `${actor.name} may not stop ${kind === 'everything' ? kind : `this ${kind}`}`);
}

/** The value that calls are compared with, and how people call it. Throws `request.invalid` for what there is not. */
export async function resolveValue(tx: Tx, kind: StopKind, value: string): Promise<{ readonly value: string; readonly label: string }> {
  switch (kind) {
    case 'everything':
      if (value !== '') throw new CordonError('request.invalid', 'everything has no value');
      return { value: '', label: 'everything' };
    case 'key':
      return await resolveKey(tx, value);
    case 'principal':
      return await resolvePrincipal(tx, value);
    case 'ip': {
      const canonical = networkText(parseNetwork(value));
      return { value: canonical, label: canonical };
    }
    case 'model':
    case 'tool':
    case 'route':
      if (!GLOB.test(value)) throw new CordonError('request.invalid', `a ${kind} has a name of up to 200 characters without spaces`);
      return { value, label: value };
    default:
      if (value === '' || value.length > 300 || /\p{Cc}/u.test(value)) throw new CordonError('request.invalid', `this is no ${kind}`);
      return { value, label: value };
  }
}

/** By id or by the first characters; the whole chain of rotations is meant. */
async function resolveKey(tx: Tx, value: string): Promise<{ readonly value: string; readonly label: string }> {
  const query = tx.selectFrom('token').select(['id', 'family', 'prefix']);
  // Why the prefix is cut: whoever pastes a whole key must not have it in a query.
  const rows = await (
    value.startsWith('cordon_') ? query.where('prefix', '=', value.slice(0, 'cordon_'.length + 6)) : query.where('id', '=', value)
  )
    .limit(2)
    .execute();
  const families = new Set(rows.map(({ id, family }) => family ?? id));
  if (rows.length === 0 || families.size > 1)
    throw new CordonError('request.invalid', 'there is no such key, or more than one; name it by its id');
  return { value: [...families][0]!, label: rows[0]!.prefix };
}

async function resolvePrincipal(tx: Tx, value: string): Promise<{ readonly value: string; readonly label: string }> {
  const row = await tx
    .selectFrom('principal')
    .select(['id', 'name'])
    .where((where) => where.or([where('name', '=', value), where('id', '=', value)]))
    .executeTakeFirst();
  if (row === undefined) throw new CordonError('request.invalid', 'there is no such principal');
  return { value: row.id, label: row.name };
}
