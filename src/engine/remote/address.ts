import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { CordonError } from '../../core/errors.ts';

/** IPv4 networks without public servers. Source: IANA IPv4 special-purpose address registry. */
const NOT_PUBLIC = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Of a public network, but only virtual machines of Azure reach it: their metadata.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4');
}

/** Why not a list of what is private: in IPv6 only this network is given out. Everything else is special or not yet in use. */
const GLOBAL_UNICAST = new BlockList();
GLOBAL_UNICAST.addSubnet('2000::', 3, 'ipv6');

/** Parts of it that tunnel to IPv4 addresses or are kept for documentation and tests. */
const SPECIAL = new BlockList();
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  SPECIAL.addSubnet(network, prefix, 'ipv6');
}

/** True for an address that a public server can have. IPv4 written as IPv6 is no such address, whatever it maps to. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC.check(address, 'ipv4');
  // A zone such as %eth0 exists on link-local addresses only.
  if (family !== 6 || address.includes('%')) return false;
  return GLOBAL_UNICAST.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
}

/** Networks of one's own: RFC 1918, carrier-grade translation (also of overlay networks), loopback, unique local addresses. */
const OWN = new BlockList();
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  OWN.addSubnet(network, prefix, 'ipv4');
}

/** Why a list of its own: in one with IPv4 networks Node takes IPv4 written as IPv6 for IPv4. */
const OWN_6 = new BlockList();
OWN_6.addSubnet('fc00::', 7, 'ipv6');
OWN_6.addAddress('::1', 'ipv6');

/** Addresses within them where clouds hand out credentials to who asks. */
const METADATA = new BlockList();
METADATA.addAddress('100.100.100.200', 'ipv4');
METADATA.addAddress('fd00:ec2::254', 'ipv6');
METADATA.addAddress('fd20:ce::254', 'ipv6');

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');

/** True for an address of this machine. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && LOOPBACK.check(address, 'ipv4'));
}

/** True for public addresses and those of one's own networks. Link-local and metadata addresses are neither. */
export function isPublicOrOwnAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || address.includes('%')) return false;
  const isOwn = family === 4 ? OWN.check(address, 'ipv4') : OWN_6.check(address, 'ipv6');
  return isPublicAddress(address) || (isOwn && !METADATA.check(address, family === 4 ? 'ipv4' : 'ipv6'));
}

/**
 * A name lookup for sockets that yields allowed addresses only. Why at dial time: a name that was checked earlier can resolve
 * to something else when the connection is made (DNS rebinding).
 */
export function checkedLookup(isAllowed: (address: string) => boolean, why: string): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const refused = addresses.find(({ address }) => !isAllowed(address));
      const [first] = addresses;
      if (refused !== undefined || first === undefined) {
        const reason = new CordonError('network.refused', `${hostname} leads to ${why.replace('ADDRESS', refused?.address ?? '(none)')}`);
        return callback(reason, '', 0);
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}

/** A name lookup for sockets that yields public addresses only. */
export const lookupPublic: LookupFunction = checkedLookup(
  isPublicAddress,
  'the non-public address ADDRESS; --allow-private-network permits it',
);
