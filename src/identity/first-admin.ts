import { errorCode } from '../core/errors.ts';
import { isUniqueViolation } from '../store/database-error.ts';
import type { Identity } from './identity.ts';
import { insertPrincipal } from './principals/manage.ts';
import { insertBinding } from './principals/roles.ts';
import { type CreatedToken, insertToken } from './tokens/manage.ts';
import { type NewSecret, newSecret } from './tokens/secret.ts';

/**
 * Makes the first administrator and its token, `made` by the caller, in an empty database; undefined when somebody exists already. Several servers
 * that start at once make one: its name is unique.
 */
export async function createFirstAdmin(identity: Identity, made: NewSecret = newSecret()): Promise<CreatedToken | undefined> {
  try {
    return await identity.store.transaction(async (tx) => {
      const anybody = await tx.selectFrom('principal').select('id').limit(1).executeTakeFirst();
      if (anybody !== undefined) return undefined;
      const admin = await insertPrincipal(identity, tx, 'first start', { name: 'admin', kind: 'user' });
      await insertBinding(identity, tx, 'first start', { holder: `principal:${admin.id}`, role: 'admin', on: '*' });
      return await insertToken(identity, tx, 'first start', {
        principal: admin.id,
        name: 'first start',
        scopes: {},
        expiresAt: null,
        made,
      });
    });
  } catch (error) {
    // Another server was faster, before or after we looked at the name.
    if (isUniqueViolation(error) || errorCode(error) === 'registry.conflict') return undefined;
    throw error;
  }
}
