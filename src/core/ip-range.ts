import * as z from 'zod';

const V4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$|\/)|(?=$|\/))){4}(?:\/(?:3[0-2]|[12]?\d))?$/;
const V6 = /^[0-9a-f:]{2,39}(?:\/(?:12[0-8]|1[01]\d|[1-9]?\d))?$/i;

/** An address or a range in CIDR notation, as text. Whether the text of IPv6 is complete is seen when it is compiled. */
export const IpRange = z
  .string()
  .max(64)
  .refine(
    (text) => V4.test(text) || (text.includes(':') && V6.test(text)),
    'use an address or a range such as 10.0.0.0/8 or 2001:db8::/32',
  );
