import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { canonicalIp } from './canonical-ip.ts';
import { clientIp } from './client-ip.ts';
import { contains, IpMap, ipSet, networkOf, networkText, parseNetwork } from './ip-set.ts';

const v4 = fc.ipV4();
const v6 = fc.ipV6().filter((text) => !/^::\d+\./.test(text));
const range = fc
  .oneof(
    fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([ip, prefix]) => `${ip}/${prefix}`),
    fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([ip, prefix]) => `${ip}/${prefix}`),
  )
  .filter((text) => !/^[0:]*ffff:/i.test(text) || Number(text.split('/')[1]) >= 96);

test('every spelling of an address becomes one', () => {
  const one = (...spellings: string[]): void => expect(new Set(spellings.map(canonicalIp)).size).toBe(1);
  one('192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '0:0:0:0:0:ffff:192.0.2.1');
  one('2001:db8::1', '2001:DB8:0:0:0:0:0:1', '2001:0db8::0001', '2001:db8::1%eth0');
  expect(canonicalIp('2001:db8:0:0:1:0:0:1')).toBe('2001:db8::1:0:0:1');
  expect(canonicalIp('2001:db8:0:1:1:1:1:1')).toBe('2001:db8:0:1:1:1:1:1');
  expect([canonicalIp('::'), canonicalIp('::1'), canonicalIp('1::')]).toEqual(['::', '::1', '1::']);
});

test('what only some programs take for an address is none', () => {
  const odd = [
    '',
    '127.1',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.4.',
    '256.1.1.1',
    ' 1.2.3.4',
    '1.2.3.4\n',
  ];
  for (const text of [...odd, 'localhost', ':::', '1::2::3', 'fe80::1\u0000', '::1.2.3.4', "' or 1=1 --", 'a'.repeat(1_000_000)])
    expect(canonicalIp(text)).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => void canonicalIp(text)));
});

test('canonical is canonical, and agrees with another implementation on the number', () => {
  fc.assert(
    fc.property(fc.oneof(v4, v6), (text) => {
      const ip = canonicalIp(text)!;
      expect(canonicalIp(ip)).toBe(ip);
      expect(ipaddr.process(ip).toByteArray()).toEqual(ipaddr.process(text).toByteArray());
    }),
    { numRuns: 2_000 },
  );
});

test('sets of networks agree with another implementation', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 8 }), fc.oneof(v4, v6), (ranges, text) => {
      const ip = canonicalIp(text)!;
      const address = ipaddr.process(ip);
      const expected = ranges.some((one) => {
        const [first, prefix] = ipaddr.parseCIDR(one);
        const mapped = first instanceof ipaddr.IPv6 && first.isIPv4MappedAddress();
        const network = mapped ? ([first.toIPv4Address(), prefix - 96] as const) : ([first, prefix] as const);
        return network[0].kind() === address.kind() && address.match(network[0], network[1]);
      });
      expect(ipSet(ranges)(ip)).toBe(expected);
    }),
    { numRuns: 3_000 },
  );
});

test('ranges are what they say', () => {
  expect(ipSet(['10.0.0.0/8', '2001:db8::/32'])('10.255.0.1')).toBe(true);
  expect(ipSet(['::ffff:10.0.0.0/104'])('10.255.0.1')).toBe(true);
  expect(ipSet(['0.0.0.0/0'])('2001:db8::1')).toBe(false);
  expect(networkText(parseNetwork('10.1.2.3/8'))).toBe('10.0.0.0/8');
  expect(networkText(parseNetwork('2001:DB8:1::/32'))).toBe('2001:db8::/32');
  expect(networkOf('2001:db8:1:2:3:4:5:6', { 4: 32, 6: 64 })).toBe('2001:db8:1:2::/64');
  expect(networkOf('192.0.2.9', { 4: 32, 6: 64 })).toBe('192.0.2.9');
  for (const wrong of ['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10/8', '::/129', '', '/8', 'x', '10.0.0.0/ 8', '::ffff:1.2.3.4/90'])
    expect(() => parseNetwork(wrong)).toThrow('is no');
});

test('what a network contains', () => {
  fc.assert(
    fc.property(range, range, (one, other) => {
      const [outer, inner] = [parseNetwork(one), parseNetwork(other)];
      const map = new IpMap<true>();
      map.set(outer, true);
      if (contains(outer, inner)) expect(map.find(networkText({ ...inner, prefix: inner.family === 4 ? 32 : 128 }))).toBe(true);
      expect(contains(outer, outer)).toBe(true);
    }),
  );
});

test('the narrowest network comes first, and what is not wanted is passed over', () => {
  const map = new IpMap<number>();
  for (const [text, value] of [
    ['10.0.0.0/8', 8],
    ['10.1.0.0/16', 16],
    ['10.1.2.3', 32],
  ] as const)
    map.set(parseNetwork(text), value);
  expect([map.find('10.1.2.3'), map.find('10.1.9.9'), map.find('10.9.9.9'), map.find('11.0.0.1')]).toEqual([32, 16, 8, undefined]);
  expect(map.find('10.1.2.3', (value) => value < 32)).toBe(16);
});

test('the client is the right-most address that no trusted proxy wrote', () => {
  const isTrusted = ipSet(['10.0.0.0/8', '::1']);
  const of = (peer: string, forwarded?: string): string | undefined => clientIp(peer, forwarded, isTrusted);
  expect(of('203.0.113.9', '127.0.0.1')).toBe('203.0.113.9');
  expect(of('10.0.0.1')).toBe('10.0.0.1');
  expect(of('::ffff:10.0.0.1', '198.51.100.7')).toBe('198.51.100.7');
  expect(of('10.0.0.1', '127.0.0.1, 198.51.100.7, 10.0.0.2')).toBe('198.51.100.7');
  expect(of('10.0.0.1', '10.0.0.3, 10.0.0.2')).toBe('10.0.0.3');
  expect(of('10.0.0.1', '198.51.100.7:1234')).toBe('198.51.100.7');
  expect(of('::1', '[2001:db8::1]:80')).toBe('2001:db8::1');
  for (const odd of ['', 'unknown', '1.2.3.4, ', 'evil, 10.0.0.2', '1.2.3.4'.repeat(1_000)]) expect(of('10.0.0.1', odd)).toBeUndefined();
  expect(clientIp(undefined, '1.2.3.4', isTrusted)).toBeUndefined();
});

test('nothing that a client writes makes it look like a trusted proxy or like nobody', () => {
  const isTrusted = ipSet(['10.0.0.0/8']);
  fc.assert(
    fc.property(fc.string(), v4, (header, client) => {
      fc.pre(!client.startsWith('10.'));
      expect(clientIp('10.0.0.1', `${header}, ${client}`.slice(-2_000), isTrusted)).toBe(client);
    }),
  );
});
