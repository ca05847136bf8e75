import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { azureToken } from '../azure/azure-token.ts';
import { KEY_VAULT_API } from '../azure/key-vault-source.ts';
import { curveOf } from '../ec-key.ts';
import { openAsker } from '../http/ask.ts';
import type { Signer } from '../signer.ts';
import { checkedSigner } from './checked-signer.ts';
import { derOfPair } from './signature-der.ts';

const ALGORITHMS = { sha256: 'ES256', sha384: 'ES384', sha512: 'ES512' } as const;
const Coordinate = z.string().min(1).max(200);
const PublicHalf = z.object({
  key: z.object({ kid: z.url().max(1_000), kty: z.string().max(20), crv: z.string().max(20), x: Coordinate, y: Coordinate }),
});
const Signature = z.object({ value: z.string().regex(/^[A-Za-z0-9_-]{1,500}={0,2}$/) });

export interface AzureKeyOptions {
  /** In stead of the vault's own address. */
  readonly endpoint?: string;
  readonly authority?: string;
  readonly now?: () => number;
}

/** A key of Azure Key Vault: `VAULT.vault.azure.net/NAME[/VERSION]`. The version is fixed when the signer is made. */
export async function azureKeySigner(address: string, env: NodeJS.ProcessEnv, options: AzureKeyOptions = {}): Promise<Signer> {
  const { authority = 'https://login.microsoftonline.com', now = Date.now } = options;
  const [, host, domain, name, version = ''] =
    /^([a-z0-9-]{3,24}\.((?:vault|managedhsm)\.[a-z0-9.-]{3,60}))\/([A-Za-z0-9-]{1,127})(?:\/([0-9a-f]{32}))?$/.exec(address) ?? [];
  if (host === undefined || domain === undefined || name === undefined)
    throw new CordonError('key.invalid', 'write a key of Azure Key Vault as azurekms://VAULT.vault.azure.net/NAME');
  const asking = { code: 'key.unavailable', timeoutMs: 10_000 } as const;
  const asker = openAsker(asking);
  const metadata = openAsker({ ...asking, allowHttp: true });
  const token = azureToken({ asker, metadata, authority, resource: `https://${domain}`, env, now, code: asking.code });
  const base = options.endpoint ?? `https://${host}`;

  async function call<T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${await token.get()}` };
    const url = `${base}/keys/${path}?api-version=${KEY_VAULT_API}`;
    const { status, json } = await asker.ask({ method, url, headers, ...(body !== undefined && { body }) });
    const parsed = schema.safeParse(json);
    if (status === 200 && parsed.success) return parsed.data;
    throw new CordonError('key.unavailable', `Azure Key Vault does not answer for ${address} (status ${status})`);
  }

  const { key } = await call('GET', version === '' ? name : `${name}/${version}`, PublicHalf);
  const publicKey = keyFromJwk(key, address);
  const used = /\/([0-9a-f]{32})$/.exec(key.kid)?.[1];
  if (used === undefined || (version !== '' && used !== version))
    throw new CordonError('key.unavailable', `Azure Key Vault does not say which version of ${address} it answers for`);
  const { hash } = curveOf(publicKey);
  return checkedSigner(publicKey, address, async (digest) => {
    const input = { alg: ALGORITHMS[hash], value: digest.toString('base64url') };
    return derOfPair(Buffer.from((await call('POST', `${name}/${used}/sign`, Signature, input)).value, 'base64url'));
  });
}

function keyFromJwk({ crv, x, y }: z.infer<typeof PublicHalf>['key'], name: string): KeyObject {
  try {
    return createPublicKey({ key: { kty: 'EC', crv, x, y }, format: 'jwk' });
  } catch {
    throw new CordonError('key.invalid', `${name} is no ECDSA key`);
  }
}
