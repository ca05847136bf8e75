import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import type { Asker } from '../http/ask.ts';
import type { CachedToken } from '../http/cached-token.ts';
import { selectField } from '../secrets/select-field.ts';
import type { SecretSource } from '../secrets/secret-source.ts';

const Answer = z.object({ value: z.string() });
/** Version of the Key Vault API. */
export const KEY_VAULT_API = '7.4';

export interface KeyVaultOptions {
  readonly asker: Asker;
  readonly token: CachedToken;
  readonly domain: string;
  /** In stead of the vault's own address. */
  readonly endpoint?: string | undefined;
}

/** Secrets of Azure Key Vault (`azure-kv:vault/name`), newest version unless one is named. */
export function keyVaultSource({ asker, token, domain, endpoint }: KeyVaultOptions): SecretSource {
  return {
    async read({ name, field }, signal) {
      const [vault = '', ...path] = name.split('/');
      const base = endpoint ?? `https://${vault}.${domain}`;
      const url = `${base.replace(/\/+$/, '')}/secrets/${path.join('/')}?api-version=${KEY_VAULT_API}`;
      const { status, json } = await asker.ask({
        method: 'GET',
        url,
        headers: { authorization: `Bearer ${await token.get(signal)}` },
        signal,
      });
      const full = `azure-kv:${name}`;
      if (status === 401) token.forget();
      if (status === 404) throw new CordonError('secret.missing', `${full} does not exist`);
      const answer = Answer.safeParse(json);
      if (status !== 200 || !answer.success)
        throw new CordonError('secret.unavailable', `${full}: the vault answers with status ${status}`);
      return { bytes: selectField(Buffer.from(answer.data.value), field, full) };
    },
  };
}
