import { readAddress } from '../egress/address.ts';
import { fold, mentionsOf } from './mention.ts';
import type { ToolSession } from './session.ts';
import { hostName, type Name } from './value-names.ts';

const WEB = /^https?:\/\//i;

/** The one site that a call reached, if its arguments hold one address. */
export function hostOf(asked: readonly string[]): string | undefined {
  const addresses = asked.filter((word) => WEB.test(word));
  if (addresses.length !== 1) return undefined;
  const address = readAddress(addresses[0]!);
  return address.kind === 'bad' ? undefined : address.host;
}

/**
 * Whether a URL leads to a site that the user named and stands, to the letter, on a page that came from there. Why that is enough: what
 * the page says was written before the conversation, so its links carry nothing out of it. Why lower case only: pages are kept without
 * their case, and what is written in it could carry something.
 */
export function isLinked(value: string, pages: ToolSession['untrusted'], byUser: (name: Name) => boolean): boolean {
  if (!WEB.test(value) || value !== value.toLowerCase() || !byUser(hostName(value))) return false;
  const address = readAddress(value);
  if (address.kind === 'bad') return false;
  const { pathname, search, hash, port } = address.kind === 'url' ? address.url : new URL(value);
  const relative = pathname + search + hash;
  // Why not with a port: a link without a host leads to the port that the page came from.
  const written = relative.length > 1 && port === '' ? [value, relative, relative.slice(1)] : [value];
  return pages.some(
    ({ host, text }) => host === address.host && written.some((form) => fold(form) === form && mentionsOf(text, form).length > 0),
  );
}
