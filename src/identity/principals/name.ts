import type { Tx } from '../../store/open-store.ts';

/** How principals may be called: what can also be a namespace in every protocol. */
export const PRINCIPAL_NAME = /^[a-z0-9](?:[a-z0-9._-]{0,94}[a-z0-9])?$/;

/** Names with a meaning in a protocol or a path. */
const RESERVED = new Set(['api', 'cordon', 'datasets', 'hf', 'mlflow', 'models', 'oidc', 'spaces', 'system', 'v1']);

/**
 * Whether a new principal may have this name. Why not the name of a namespace that is in use: people take `name/model` for the
 * work of `name`.
 */
export async function isFreeName(tx: Tx, name: string): Promise<boolean> {
  if (RESERVED.has(name)) return false;
  const principal = await tx.selectFrom('principal').select('id').where('name', '=', name).executeTakeFirst();
  if (principal !== undefined) return false;
  const repository = await tx.selectFrom('repository').select('id').where('namespace', '=', name).limit(1).executeTakeFirst();
  if (repository !== undefined) return false;
  const binding = await tx.selectFrom('role_binding').select('id').where('namespace', '=', name).limit(1).executeTakeFirst();
  return binding === undefined;
}
