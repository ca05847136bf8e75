import { createPublicKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import { CordonError } from '../../core/errors.ts';
import { awsError, awsJson } from '../aws/aws-json.ts';
import { awsRegion } from '../aws/endpoint.ts';
import { awsIdentityProvider } from '../aws/identity.ts';
import { curveOf } from '../ec-key.ts';
import { openAsker } from '../http/ask.ts';
import type { Signer } from '../signer.ts';
import { checkedSigner } from './checked-signer.ts';

const ALGORITHMS = { sha256: 'ECDSA_SHA_256', sha384: 'ECDSA_SHA_384', sha512: 'ECDSA_SHA_512' } as const;
const PublicHalf = z.object({ KeyId: z.string().min(1).max(2_048), PublicKey: z.base64().max(10_000) });
const Signature = z.object({ Signature: z.base64().max(10_000) });

/**
 * A key of AWS KMS: `[ENDPOINT]/ID`, where ID is a key id, `alias/NAME` or an ARN. Credentials as the AWS tools find them. The key that
 * an alias names is fixed when the signer is made.
 */
export async function awsKmsSigner(address: string, env: NodeJS.ProcessEnv, now: () => number = Date.now): Promise<Signer> {
  const [, host = '', id = ''] =
    /^([A-Za-z0-9.-]*(?::\d{1,5})?)\/((?:arn:[A-Za-z0-9:/_-]{1,2000})|(?:alias\/[A-Za-z0-9/_-]{1,250})|[A-Za-z0-9-]{1,64})$/.exec(
      address,
    ) ?? [];
  if (id === '') throw new CordonError('key.invalid', 'write a key of AWS KMS as awskms:///KEY-ID, awskms:///alias/NAME or awskms:///ARN');
  const service = {
    asker: openAsker({ code: 'key.unavailable', timeoutMs: 10_000 }),
    identity: awsIdentityProvider(env, 'key.unavailable'),
    service: 'kms',
    endpoint: endpointOf(host) ?? env.AWS_ENDPOINT_URL_KMS ?? env.AWS_ENDPOINT_URL,
    now,
  };
  const region = awsRegion(id, undefined, env);

  async function call<T>(operation: string, input: object, schema: z.ZodType<T>): Promise<T> {
    const answer = await awsJson(service, region, `TrentService.${operation}`, input);
    const parsed = schema.safeParse(answer.json);
    if (answer.status === 200 && parsed.success) return parsed.data;
    throw new CordonError('key.unavailable', `AWS KMS does not ${operation} of ${id}: ${awsError(answer)} (status ${answer.status})`);
  }

  const { KeyId: key, PublicKey: der } = await call('GetPublicKey', { KeyId: id }, PublicHalf);
  const publicKey = keyFromDer(Buffer.from(der, 'base64'), `the key ${id} of AWS KMS`);
  const { hash } = curveOf(publicKey);
  return checkedSigner(publicKey, `the key ${id} of AWS KMS`, async (digest) => {
    const input = { KeyId: key, Message: digest.toString('base64'), MessageType: 'DIGEST', SigningAlgorithm: ALGORITHMS[hash] };
    return Buffer.from((await call('Sign', input, Signature)).Signature, 'base64');
  });
}

function endpointOf(host: string): string | undefined {
  if (host === '') return undefined;
  return `${/^(?:localhost|127(?:\.\d{1,3}){3})(?::|$)/.test(host) ? 'http' : 'https'}://${host}`;
}

function keyFromDer(der: Buffer, name: string): KeyObject {
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    throw new CordonError('key.invalid', `${name} has no public half that can be read`);
  }
}
