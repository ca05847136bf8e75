import { localOperator, type Principal } from '../../../identity/permission.ts';
import type { Call } from '../call.ts';

/** A call for tests. */
export function callOf(
  changes: Partial<{ ip: string; key: string | null; id: string; name: string; teams: string[]; model: string; route: string }> = {},
): Call {
  const { ip = '192.0.2.1', key = 'k1', id = 'p1', name = 'ann', teams = [], model = 'gpt', route = '/v1/chat/completions' } = changes;
  const principal: Principal = { ...localOperator(name), id, groups: teams };
  return { caller: { principal, key, teams, ip }, route, model };
}
