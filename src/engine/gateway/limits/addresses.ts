import ipaddr from 'ipaddr.js';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Whether an address is in one of the ranges; IPv4 written as IPv6 counts as IPv4. What is no address is in none. */
export function addressMatcher(ranges: readonly string[]): (ip: string) => boolean {
  const parsed = ranges.map(parseRange);
  return (ip) => {
    if (!ipaddr.isValid(ip)) return false;
    const address = ipaddr.process(ip);
    return parsed.some(([base, bits]) => base.kind() === address.kind() && address.match(base, bits));
  };
}

function parseRange(text: string): Range {
  if (!text.includes('/')) {
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  const [address, bits] = ipaddr.parseCIDR(text);
  if (address.kind() === 'ipv4') return [address, bits];
  const six = address as ipaddr.IPv6;
  return six.isIPv4MappedAddress() && bits >= 96 ? [six.toIPv4Address(), bits - 96] : [six, bits];
}

/** What counts as one address. Why 64 bits of IPv6: a single customer has that many, and would have a counter for each call. */
export function addressGroup(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (address.kind() === 'ipv4') return address.toString();
  const parts = (address as ipaddr.IPv6).parts.slice(0, 4);
  return `${new ipaddr.IPv6([...parts, 0, 0, 0, 0]).toString()}/64`;
}
