import ipaddr from 'ipaddr.js';
import { remember } from './remember.ts';

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** Why: every notation of an address is shorter; a zone is never part of one that comes from afar. */
const MAX_TEXT = 45;

/**
 * One spelling for each address: IPv4 in IPv6 is IPv4, IPv6 is compressed and lower case. Undefined for anything else. Why
 * strict: `0177.0.0.1` and `127.1` are the same address for some programs only, and would pass a block on the other spelling.
 */
export function canonicalIp(text: string): string | undefined {
  if (text.length > MAX_TEXT) return undefined;
  if (V4.test(text)) return text;
  return ofIpv6(text);
}

const ofIpv6 = remember((text) => {
  const percent = text.indexOf('%');
  const plain = percent < 0 ? text : text.slice(0, percent);
  // Why not `::192.0.2.1`: a form that was given up, and that programs read in two ways.
  if (!plain.includes(':') || /^::\d+\./.test(plain) || !ipaddr.IPv6.isValid(plain)) return undefined;
  const address = ipaddr.IPv6.parse(plain);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : compressed(address.parts);
});

/** RFC 5952: the longest run of zeros, of two groups at least, the first of equal ones, is left out. */
function compressed(parts: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && parts[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
    if (length > 0) start += length;
  }
  const text = (from: number, to: number): string =>
    parts
      .slice(from, to)
      .map((part) => part.toString(16))
      .join(':');
  return best.start < 0 ? text(0, 8) : `${text(0, best.start)}::${text(best.start + best.length, 8)}`;
}
