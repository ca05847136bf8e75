import { ipSet } from './addresses/ip-set.ts';
import type { Principal } from './permission.ts';

const compiled = new WeakMap<Principal, (ip: string) => boolean>();

/** May the credential be used from this canonical address? Of an address that is not known, only if it may be from anywhere. */
export function mayComeFrom(principal: Principal, ip: string | undefined): boolean {
  const { ips } = principal.credential.scopes;
  if (ips === undefined) return true;
  if (ip === undefined) return false;
  let isIn = compiled.get(principal);
  if (isIn === undefined) compiled.set(principal, (isIn = ipSet(ips)));
  return isIn(ip);
}
