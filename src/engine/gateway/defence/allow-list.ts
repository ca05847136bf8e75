import { ipSet } from '../../../identity/addresses/ip-set.ts';
import type { StopSubject } from './stop.ts';

/** Compiles `gateway.defence.allow` to a question: is nothing done about this by itself? */
export function allowList(entries: readonly string[]): (subject: StopSubject) => boolean {
  const named = new Set(entries.filter((entry) => /^(?:key|principal):/.test(entry)));
  const ranges = entries.filter((entry) => !named.has(entry));
  const isIn = ipSet(ranges);
  return ({ key, principal, principalName, ip }) =>
    (ranges.length > 0 && ip !== undefined && isIn(ip)) ||
    (named.size > 0 && (named.has(`key:${key}`) || named.has(`principal:${principalName}`) || named.has(`principal:${principal}`)));
}
