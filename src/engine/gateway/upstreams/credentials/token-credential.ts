import { CordonError } from '../../../../core/errors.ts';
import type { Credential } from './credential.ts';

/** A token and its end, in epoch milliseconds. */
export interface GivenToken {
  readonly value: string;
  readonly until: number;
}

/** Renewed so long before the end. Why: a request that is under way when a token ends is refused. Milliseconds. */
const AHEAD_MS = 5 * 60_000;
/** Why: a service that gives no tokens is not asked by every request. */
const RETRY_MS = 5_000;

/** A token that is renewed before it ends, while requests go on with the one that is still good. */
export function tokenCredential(ask: () => Promise<GivenToken>, now: () => number, close: () => void = () => {}): Credential {
  let headers: readonly string[] | undefined;
  let value = '';
  let until = 0;
  let renewAt = 0;
  let asking: Promise<readonly string[]> | undefined;

  async function renewed(): Promise<readonly string[]> {
    const started = now();
    try {
      const token = await ask();
      if (!/^[\x21-\x7e]{1,20000}$/.test(token.value)) throw new CordonError('secret.unavailable', 'the token cannot be sent in a header');
      ({ value, until } = token);
      renewAt = until - Math.min(AHEAD_MS, (until - started) / 2);
      return (headers = ['authorization', `Bearer ${value}`]);
    } catch (error) {
      renewAt = now() + RETRY_MS;
      if (headers !== undefined && now() < until) return headers;
      throw error;
    }
  }

  function renew(): Promise<readonly string[]> {
    return (asking ??= renewed().finally(() => (asking = undefined)));
  }

  return {
    current() {
      const time = now();
      if (headers === undefined || time >= until) return undefined;
      if (time >= renewAt && asking === undefined) renew().catch(() => undefined);
      return headers;
    },
    renew,
    secretValues: () => (value === '' ? [] : [value]),
    close,
  };
}
