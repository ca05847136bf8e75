import { CordonError } from '../../../../core/errors.ts';
import type { SecretReader } from '../upstreams.ts';
import type { Credential, HeaderList } from './credential.ts';

/** A key that is sent as it is, in one header; a rotated key is used from the next request on. */
export function headerCredential(secrets: SecretReader, reference: string, name: string, prefix = ''): Credential {
  let value: string | undefined;
  let headers: HeaderList | undefined;

  function take(secret: string): HeaderList {
    // Why: a line feed in it would be another header.
    if (!/^[\x21-\x7e]{1,16384}$/.test(secret))
      throw new CordonError('secret.unavailable', `${reference} cannot be sent in a header: it is empty or has spaces or other characters`);
    value = secret;
    return (headers = [name, `${prefix}${secret}`]);
  }

  const stop = secrets.watch(reference, take);
  return {
    current: () => headers,
    renew: async () => headers ?? take(await secrets.get(reference)),
    secretValues: () => (value === undefined ? [] : [value]),
    close: stop,
  };
}
