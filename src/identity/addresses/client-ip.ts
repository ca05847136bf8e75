import { canonicalIp } from './canonical-ip.ts';

/** Why: proxies in front of each other are few; a longer header is somebody's attempt to keep us busy. */
const MAX_FORWARDED = 2_048;

/**
 * The address of the client, canonical. Of `X-Forwarded-For` the right-most address that is no trusted proxy counts, and only
 * when a trusted proxy sent it: everything to the left can be written by anybody. Undefined when there is no address, or
 * a trusted proxy sends something that is none.
 */
export function clientIp(peer: string | undefined, forwarded: string | undefined, isTrusted: (ip: string) => boolean): string | undefined {
  let ip = peer === undefined ? undefined : canonicalIp(peer);
  if (ip === undefined || forwarded === undefined || !isTrusted(ip)) return ip;
  if (forwarded.length > MAX_FORWARDED) return undefined;
  const hops = forwarded.split(',');
  while (hops.length > 0) {
    ip = canonicalIp(withoutPort(hops.pop()?.trim() ?? ''));
    if (ip === undefined || !isTrusted(ip)) return ip;
  }
  return ip;
}

/** Some proxies write `192.0.2.1:4711` and `[2001:db8::1]:4711`. */
function withoutPort(text: string): string {
  return /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1] ?? /^(\d[\d.]*):\d{1,5}$/.exec(text)?.[1] ?? text;
}
