import { expect, test } from 'vitest';
import { addressGroup, addressMatcher } from './addresses.ts';

test('ranges of both families; IPv4 written as IPv6 is IPv4', () => {
  const matches = addressMatcher(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32', '::ffff:198.51.100.0/120']);
  for (const inside of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', '2001:db8:1::1', '198.51.100.9']) expect(matches(inside)).toBe(true);
  for (const outside of ['11.0.0.1', '192.0.2.8', '2001:db9::1', 'nonsense', '', '198.51.101.1']) expect(matches(outside)).toBe(false);
});

test('a customer of IPv6 is one address', () => {
  expect(addressGroup('2001:db8:1:2:aaaa::1')).toBe(addressGroup('2001:db8:1:2:bbbb::2'));
  expect(addressGroup('2001:db8:1:2::1')).not.toBe(addressGroup('2001:db8:1:3::1'));
  expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1');
});
