import ipaddr from 'ipaddr.js';
import { CordonError } from '../../core/errors.ts';
import { canonicalIp } from './canonical-ip.ts';
import { remember } from './remember.ts';

/** A network: family, first address as a number, and length of the prefix. */
export interface Network {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly prefix: number;
}

const BITS = { 4: 32, 6: 128 } as const;

/** Reads an address or a range. Bits beyond the prefix are dropped; a range of IPv4 in IPv6 is one of IPv4. Throws `request.invalid`. */
export function parseNetwork(text: string): Network {
  const [address = '', length, ...rest] = text.split('/');
  const canonical = canonicalIp(address);
  if (canonical === undefined || address.includes('%') || rest.length > 0 || (length !== undefined && !/^\d{1,3}$/.test(length)))
    throw new CordonError('request.invalid', `${JSON.stringify(text.slice(0, 64))} is no address and no range`);
  const family = canonical.includes(':') ? 6 : 4;
  const written = address.includes(':') ? 6 : 4;
  const prefix = (length === undefined ? BITS[written] : Number(length)) - (written === 6 && family === 4 ? 96 : 0);
  if (prefix < 0 || prefix > BITS[family]) throw new CordonError('request.invalid', `${JSON.stringify(text.slice(0, 64))} is no range`);
  return { family, first: masked(numberOf(canonical), family, prefix), prefix };
}

/** The one spelling of a network: an address alone where it has one address only. */
export function networkText({ family, first, prefix }: Network): string {
  const bytes: number[] = [];
  for (let shift = BITS[family] - 8; shift >= 0; shift -= 8) bytes.push(Number((first >> BigInt(shift)) & 255n));
  const address = canonicalIp(ipaddr.fromByteArray(bytes).toString()) ?? '';
  return prefix === BITS[family] ? address : `${address}/${prefix}`;
}

/** The network of this length that a canonical address is in. */
export function networkOf(ip: string, prefixes: { readonly 4: number; readonly 6: number }): string {
  const family = ip.includes(':') ? 6 : 4;
  const prefix = prefixes[family];
  return prefix === BITS[family] ? ip : networkText({ family, first: masked(numberOf(ip), family, prefix), prefix });
}

/** Is every address of the second in the first? */
export function contains(outer: Network, inner: Network): boolean {
  return outer.family === inner.family && outer.prefix <= inner.prefix && masked(inner.first, inner.family, outer.prefix) === outer.first;
}

/**
 * Values by network; the narrowest network of an address comes first. Looking up takes one step for each length of prefix that
 * is in use, however many networks there are.
 */
export class IpMap<T> {
  readonly #alone = new Map<string, T>();
  readonly #v4 = new Map<number, Map<number, T>>();
  readonly #v6 = new Map<number, Map<bigint, T>>();
  #lengths4: readonly number[] = [];
  #lengths6: readonly number[] = [];

  set(network: Network, value: T): void {
    const { family, first, prefix } = network;
    if (prefix === BITS[family]) {
      this.#alone.set(networkText(network), value);
    } else if (family === 4) {
      within(this.#v4, prefix).set(Number(first), value);
      this.#lengths4 = [...this.#v4.keys()].sort((one, other) => other - one);
    } else {
      within(this.#v6, prefix).set(first, value);
      this.#lengths6 = [...this.#v6.keys()].sort((one, other) => other - one);
    }
  }

  /** The value of exactly this network. */
  get({ family, first, prefix }: Network): T | undefined {
    if (prefix === BITS[family]) return this.#alone.get(networkText({ family, first, prefix }));
    return family === 4 ? this.#v4.get(prefix)?.get(Number(first)) : this.#v6.get(prefix)?.get(first);
  }

  delete({ family, first, prefix }: Network): void {
    if (prefix === BITS[family]) {
      this.#alone.delete(networkText({ family, first, prefix }));
    } else if (family === 4) {
      without(this.#v4, prefix, Number(first));
      this.#lengths4 = [...this.#v4.keys()].sort((one, other) => other - one);
    } else {
      without(this.#v6, prefix, first);
      this.#lengths6 = [...this.#v6.keys()].sort((one, other) => other - one);
    }
  }

  /** The first value, narrowest network first, that is wanted for this canonical address. */
  find(ip: string, wanted: (value: T) => boolean = () => true): T | undefined {
    const alone = this.#alone.get(ip);
    if (alone !== undefined && wanted(alone)) return alone;
    return ip.includes(':') ? this.#find6(ip, wanted) : this.#find4(ip, wanted);
  }

  #find4(ip: string, wanted: (value: T) => boolean): T | undefined {
    if (this.#lengths4.length === 0) return undefined;
    const number = v4Number(ip);
    for (const prefix of this.#lengths4) {
      const first = prefix === 0 ? 0 : (number & (-1 << (32 - prefix))) >>> 0;
      const value = this.#v4.get(prefix)?.get(first);
      if (value !== undefined && wanted(value)) return value;
    }
    return undefined;
  }

  #find6(ip: string, wanted: (value: T) => boolean): T | undefined {
    if (this.#lengths6.length === 0) return undefined;
    const number = numberOf(ip);
    for (const prefix of this.#lengths6) {
      const value = this.#v6.get(prefix)?.get(masked(number, 6, prefix));
      if (value !== undefined && wanted(value)) return value;
    }
    return undefined;
  }
}

/** Networks as a question: is this canonical address in one of them? */
export function ipSet(ranges: readonly string[]): (ip: string) => boolean {
  const map = new IpMap<true>();
  for (const range of ranges) map.set(parseNetwork(range), true);
  return (ip) => map.find(ip) === true;
}

function within<K, T>(map: Map<number, Map<K, T>>, prefix: number): Map<K, T> {
  let inner = map.get(prefix);
  if (inner === undefined) map.set(prefix, (inner = new Map()));
  return inner;
}

function without<K, T>(map: Map<number, Map<K, T>>, prefix: number, key: K): void {
  const inner = map.get(prefix);
  inner?.delete(key);
  if (inner?.size === 0) map.delete(prefix);
}

function masked(number: bigint, family: 4 | 6, prefix: number): bigint {
  const shift = BigInt(BITS[family] - prefix);
  return (number >> shift) << shift;
}

/** Of a canonical IPv4 address. */
function v4Number(ip: string): number {
  let number = 0;
  let part = 0;
  for (let at = 0; at < ip.length; at++) {
    const code = ip.charCodeAt(at);
    if (code === 46) {
      number = (number << 8) | part;
      part = 0;
    } else part = part * 10 + code - 48;
  }
  return ((number << 8) | part) >>> 0;
}

/** Of a canonical address. */
function numberOf(ip: string): bigint {
  return ip.includes(':') ? v6Number(ip) : BigInt(v4Number(ip));
}

const v6Number = remember((ip) => {
  let number = 0n;
  for (const part of ipaddr.IPv6.parse(ip).parts) number = (number << 16n) | BigInt(part);
  return number;
});
