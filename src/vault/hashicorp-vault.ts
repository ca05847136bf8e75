import * as z from 'zod';
import { CordonError, errorMessage } from '../core/errors.ts';
import { curveOf, readPublicKey, verifyEcdsa } from './ec-key.ts';
import type { Signer } from './signer.ts';

/** Where the transit engine of a HashiCorp Vault (or OpenBao) answers, and as whom. */
export interface VaultAccess {
  /** For example `https://vault.example:8200`. */
  readonly address: string;
  readonly token: string;
  readonly namespace?: string;
  /** Mount path of the transit engine. Default: `transit`. */
  readonly mount?: string;
}

const TIMEOUT_MS = 10_000;
/** Why: answers with keys or signatures are small; anything larger is not one. */
const ANSWER_BYTES = 1024 * 1024;
const HASHES = { sha256: 'sha2-256', sha384: 'sha2-384', sha512: 'sha2-512' } as const;

const KeyAnswer = z.object({
  data: z.object({
    latest_version: z.int().min(1),
    keys: z.record(z.string(), z.union([z.object({ public_key: z.string().max(10_000) }), z.unknown()])),
  }),
});
const SignAnswer = z.object({ data: z.object({ signature: z.string().max(10_000) }) });
const PublicHalf = z.object({ public_key: z.string().max(10_000) });

/**
 * A key in the transit engine: the private half never leaves it. The version is fixed when the signer is made, so that a rotation
 * in between cannot give a signature by another key than the one the bundle names; every signature is verified before it is used.
 */
export async function vaultSigner(access: VaultAccess, name: string): Promise<Signer> {
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(name)) throw new CordonError('key.invalid', `${JSON.stringify(name)} is no name of a transit key`);
  const { data } = await ask(access, KeyAnswer, 'GET', `keys/${name}`);
  const version = data.latest_version;
  const half = PublicHalf.safeParse(data.keys[String(version)]);
  if (!half.success) throw new CordonError('key.invalid', `the transit key ${name} has no public half; signatures need an ECDSA key`);
  const publicKey = readPublicKey(half.data.public_key, `transit key ${name}`);
  const hash = HASHES[curveOf(publicKey).hash];
  return {
    publicKey,
    async sign(bytes) {
      const input = Buffer.from(bytes).toString('base64');
      const body = { input, key_version: version, hash_algorithm: hash, marshaling_algorithm: 'asn1' };
      const answer = await ask(access, SignAnswer, 'POST', `sign/${name}`, body);
      const [, encoded = ''] = /^vault:v\d+:([A-Za-z0-9+/=]+)$/.exec(answer.data.signature) ?? [];
      const signature = Buffer.from(encoded, 'base64');
      if (!verifyEcdsa(publicKey, bytes, signature))
        throw new CordonError('key.unavailable', `the signature of the transit key ${name} does not match its public half`);
      return signature;
    },
  };
}

async function ask<Answer>(
  access: VaultAccess,
  schema: z.ZodType<Answer>,
  method: 'GET' | 'POST',
  path: string,
  body?: object,
): Promise<Answer> {
  const { address, token, namespace, mount = 'transit' } = access;
  const url = `${address.replace(/\/+$/, '')}/v1/${mount.replaceAll(/^\/+|\/+$/g, '')}/${path}`;
  try {
    const response = await fetch(url, {
      method,
      // Why: a redirect would carry the token to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: {
        'X-Vault-Token': token,
        'X-Vault-Request': 'true',
        ...(namespace !== undefined && { 'X-Vault-Namespace': namespace }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await boundedText(response);
    if (!response.ok) throw new Error(`status ${response.status}`);
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new CordonError('key.unavailable', `the vault did not answer ${method} ${path}: ${errorMessage(error)}`, { cause: error });
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > ANSWER_BYTES) throw new Error(`the answer is larger than ${ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
