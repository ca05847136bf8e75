import { CordonError } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import type { UsageQuery } from './usage-query.ts';

/**
 * The usage that somebody may see: all of it with the action `audit` on everything, otherwise their own. Throws `access.denied` where
 * somebody else's was asked for.
 */
export function narrowUsage(reader: Principal, query: UsageQuery): UsageQuery {
  if (reader.can('audit', '*')) return query;
  const { credential } = reader;
  // Why the key alone: it stands in an application, and what else its owner does is not the business of whoever runs that.
  const isNarrow = credential.kind === 'token' && Object.keys(credential.scopes).length > 0;
  const key = isNarrow ? (credential.family ?? credential.id) : null;
  if ((query.principal ?? reader.id) !== reader.id || (key !== null && (query.key ?? key) !== key))
    throw new CordonError('access.denied', `${reader.name} may see no usage but their own`);
  return { ...query, principal: reader.id, ...(key !== null && { key }) };
}
