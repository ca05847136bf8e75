import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { CordonError } from '../../core/errors.ts';

/** What a header that reaches a provider may look like. Why so narrow: nobody reads headers, and text in them would pass unread. */
const MEDIA = /^[\w.+*/;=," -]{0,256}$/;
const WORDS = /^[\w.=:,; -]{1,1024}$/;
const VERSION = /^[\w.-]{1,40}$/;
const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * What a provider gets to see of a client, by the protocol that the client speaks. Why a list: credentials, cookies, addresses, hosts and
 * the account that is charged (`openai-organization`, `openai-project`) are none of the client's business.
 */
const OF_FAMILY: Readonly<Record<'openai' | 'anthropic', readonly (readonly [name: string, form: RegExp])[]>> = {
  openai: [['openai-beta', WORDS]],
  anthropic: [
    ['anthropic-beta', WORDS],
    ['anthropic-version', VERSION],
  ],
};

/** Headers that choose another account or person at the provider. Why refused and not left out: the answer would be another one. */
const REFUSED: Readonly<Record<'openai' | 'anthropic', readonly string[]>> = {
  openai: [],
  anthropic: ['anthropic-workspace-id', 'anthropic-user-profile-id'],
};

/** The headers of a request that are passed on. Throws `request.invalid` for one that a provider would go by and that has no known form. */
export function upstreamHeaders(headers: IncomingHttpHeaders, family: 'openai' | 'anthropic', principal: string): Record<string, string> {
  const passed: Record<string, string> = {};
  // Why left out and not refused: whoever reads the body decides by itself what it is.
  for (const name of ['content-type', 'accept'] as const) {
    const value = headers[name];
    if (value !== undefined && MEDIA.test(value)) passed[name] = value;
  }
  for (const name of REFUSED[family])
    if (headers[name] !== undefined)
      throw new CordonError('request.invalid', `the header ${name} is not taken: the gateway has one account`);
  for (const [name, form] of OF_FAMILY[family]) {
    const value = headers[name];
    if (value === undefined) continue;
    if (typeof value !== 'string' || !form.test(value)) throw new CordonError('request.invalid', `the header ${name} is not valid`);
    passed[name] = value;
  }
  const key = headers['idempotency-key'];
  if (key === undefined) return passed;
  if (typeof key !== 'string' || !KEY.test(key)) throw new CordonError('request.invalid', 'the header idempotency-key is not valid');
  // Why never as it came: all callers share one account at the provider, which would answer one with what it has for another.
  passed['idempotency-key'] = `cordon-${createHash('sha256').update(`${principal}\0${key}`).digest('hex')}`;
  return passed;
}
