import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { curveOf, readPublicKey } from '../ec-key.ts';
import { googleToken } from '../gcp/google-token.ts';
import { openAsker } from '../http/ask.ts';
import type { Signer } from '../signer.ts';
import { checkedSigner } from './checked-signer.ts';

const PublicHalf = z.object({ pem: z.string().min(1).max(10_000) });
const Signature = z.object({ signature: z.base64().max(10_000) });
const VERSION =
  /^(projects\/[a-z0-9.:-]{1,100}\/locations\/[a-z0-9-]{1,63}\/keyRings\/[A-Za-z0-9_-]{1,63}\/cryptoKeys\/[A-Za-z0-9_-]{1,63})\/(?:cryptoKeyVersions|versions)\/(\d{1,9})$/;

/** A version of a key of Google Cloud KMS: `projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N`. */
export async function googleKmsSigner(
  address: string,
  env: NodeJS.ProcessEnv,
  {
    endpoint = env.CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS ?? 'https://cloudkms.googleapis.com',
    now = Date.now,
  }: { readonly endpoint?: string; readonly now?: () => number } = {},
): Promise<Signer> {
  const [, key, version] = VERSION.exec(address) ?? [];
  if (key === undefined || version === undefined)
    throw new CordonError(
      'key.invalid',
      'write a key of Google Cloud KMS as gcpkms://projects/P/locations/L/keyRings/R/cryptoKeys/K/cryptoKeyVersions/N',
    );
  const options = { code: 'key.unavailable', timeoutMs: 10_000 } as const;
  const asker = openAsker(options);
  const token = googleToken({ asker, metadata: openAsker({ ...options, allowHttp: true }), env, now, code: options.code });
  const url = `${endpoint.replace(/\/+$/, '')}/v1/${key}/cryptoKeyVersions/${version}`;

  async function call<T>(method: 'GET' | 'POST', verb: string, schema: z.ZodType<T>, body?: object): Promise<T> {
    const headers = { authorization: `Bearer ${await token.get()}` };
    const { status, json } = await asker.ask({ method, url: `${url}${verb}`, headers, ...(body !== undefined && { body }) });
    const parsed = schema.safeParse(json);
    if (status === 200 && parsed.success) return parsed.data;
    throw new CordonError('key.unavailable', `Google Cloud KMS does not answer for ${address} (status ${status})`);
  }

  const publicKey = readPublicKey((await call('GET', '/publicKey', PublicHalf)).pem, address);
  const { hash } = curveOf(publicKey);
  return checkedSigner(publicKey, address, async (digest) => {
    const { signature } = await call('POST', ':asymmetricSign', Signature, { digest: { [hash]: digest.toString('base64') } });
    return Buffer.from(signature, 'base64');
  });
}
