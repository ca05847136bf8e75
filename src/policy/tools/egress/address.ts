import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** An address as the strictest reader understands it, or why no two readers need agree. */
export type Address =
  | { readonly kind: 'url'; readonly host: string; readonly scheme: string; readonly port: number | undefined; readonly url: URL }
  | { readonly kind: 'email'; readonly host: string; readonly value: string }
  | { readonly kind: 'bad'; readonly problem: string };

const MAX_ADDRESS = 4_096;
/** Characters that some readers drop, take for a slash or take for the end. */
const UNCLEAR = /[\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\\^`{|}<>"\ufffd\u{e0000}-\u{e007f}]/u;
const EMAIL = /^[A-Za-z0-9.!#$&'*+/=?_-]{1,64}@([^@\s]{1,253})$/;

/** Reads one address. What readers disagree about is `bad`: backslashes, blanks, user names, doubled slashes, odd hosts. */
export function readAddress(text: string): Address {
  const value = text.trim();
  if (value.length > MAX_ADDRESS) return bad(`is longer than ${MAX_ADDRESS} characters`);
  const named = /^[^<>@]{0,200}<([^<>]{1,320})>$/.exec(value)?.[1];
  if (value.includes('@') && !/^[a-z][a-z0-9+.-]*:|\/\//i.test(value)) return readEmail(named ?? value);
  if (UNCLEAR.test(value)) return bad('has characters that readers of addresses disagree about');
  if (/^mailto:/i.test(value)) return bad('is a mailto: link; give the address alone');
  const scheme = /^([a-z][a-z0-9+.-]*):(?!\d+(?:[/?#]|$))/i.exec(value)?.[1]?.toLowerCase();
  if (scheme !== undefined && !/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(value)) return bad(`has no host after ${scheme}:`);
  if (scheme === undefined && value.startsWith('//')) return bad('has no scheme');
  return readUrl(scheme === undefined ? `https://${value}` : value);
}

function readUrl(text: string): Address {
  const authority = /^[^:]+:\/\/([^/?#]*)/.exec(text)?.[1] ?? '';
  if (authority.includes('@') || /%40/i.test(authority)) return bad('has a user name before the host');
  if (authority.includes('%')) return bad('has an encoded host');
  // Why: special schemes alone get their hosts normalised by the URL standard; others would keep tricks as they are.
  const parsed = parse(text.replace(/^[^:]+:/, 'https:'));
  if (parsed === undefined) return bad('cannot be read as an address');
  const scheme = text.slice(0, text.indexOf(':')).toLowerCase();
  const host = canonicalHost(parsed.hostname);
  if (host === undefined) return bad('has a host that cannot be read');
  const written = authority.replace(/:\d*$/, '').toLowerCase();
  // Why dots too: some readers take the ideographic full stop for one, some do not.
  if (/[\u3002\uff0e\uff61]/.test(written)) return bad('has look-alike characters in its host');
  if (/[^\u0021-\u007e]/.test(written) && !written.split('.').every((label) => label === label.normalize('NFKC'))) {
    return bad('has look-alike characters in its host');
  }
  const port = /:(\d+)$/.exec(authority)?.[1];
  return { kind: 'url', host, scheme, port: port === undefined ? undefined : Number(port), url: parsed };
}

function readEmail(value: string): Address {
  const domain = EMAIL.exec(value)?.[1];
  if (domain === undefined) return bad('is no plain e-mail address');
  const host = canonicalHost(domain);
  if (host === undefined || isAddress(host) || !host.includes('.')) return bad('is no e-mail address of a domain');
  if (domain !== domain.normalize('NFKC')) return bad('has look-alike characters in its domain');
  return { kind: 'email', host, value };
}

/** Host name in lower-case ASCII without the final dot; IP addresses in their one canonical form. */
function canonicalHost(host: string): string | undefined {
  const bare = host.replace(/\.$/, '');
  if (bare.startsWith('[')) return bare;
  const ascii = domainToASCII(bare).toLowerCase();
  return ascii === '' || /[^a-z0-9._-]/.test(ascii) || ascii.includes('..') ? undefined : ascii;
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Whether a canonical host is an IP address. The URL standard has already turned octal, hex and short forms into it. */
export function isAddress(host: string): boolean {
  return host.startsWith('[') || isIP(host) !== 0;
}

/** Whether an IP address is one of the public internet: not private, loopback, link-local, shared, reserved or mapped. */
export function isPublicAddress(host: string): boolean {
  // Why not IPv6 by ranges: 4-in-6, 6to4, Teredo and NAT64 reach IPv4 in many forms; global unicast without them is what is left.
  if (host.startsWith('[')) {
    return /^\[[23][0-9a-f]{3}:/.test(host) && !/^\[(?:2001:0?:|2001::|2001:[0-9a-f]{1,2}:|2001:db8:|2002:|3fff:)/.test(host);
  }
  const [a = 0, b = 0, c = 0] = host.split('.').map(Number);
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if (a === 100 && b >= 64 && b < 128) return false;
  if (a === 169 && b === 254) return false;
  if (a === 172 && b >= 16 && b < 32) return false;
  if (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)) || (b === 88 && c === 99))) return false;
  if (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) return false;
  return !(a === 203 && b === 0 && c === 113);
}

function bad(problem: string): Address {
  return { kind: 'bad', problem };
}
