import type { IncomingMessage } from 'node:http';
import { CordonError } from '../../core/errors.ts';

/**
 * Throws `request.invalid` for a head that a proxy before the gateway may have read in another way: two hosts (RFC 9112, 3.2), or a coding
 * of transfer beside `chunked`. Why here: the parser of Node takes the first of two hosts, and reads what ends with `chunked`.
 */
export function requirePlainHead({ rawHeaders, headers }: IncomingMessage): void {
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && coding.trim().toLowerCase() !== 'chunked')
    throw new CordonError('request.invalid', 'transfer-encoding must be chunked');
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  if (hosts > 1) throw new CordonError('request.invalid', 'there must be one host');
}
