import { dirname, resolve } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import { readCertificates } from '../../evidence/signature/read-pem.ts';
import { readTrustFile } from '../../evidence/signature/trust-file.ts';
import type { TrustPolicy } from '../../evidence/signature/trust-policy.ts';
import { publicTrustedRoot, readTrustedRoot } from '../../evidence/signature/trusted-root.ts';
import { readPublicKey } from '../../vault/ec-key.ts';
import type { Io } from '../io.ts';
import { readBounded } from './read-bounded.ts';

/** Options of every command that verifies, as commander gives them. */
export interface TrustFlags {
  readonly trust?: string;
  readonly key?: readonly string[];
  readonly authority?: readonly string[];
  readonly identity?: string;
  readonly issuer?: string;
  readonly trustedRoot?: string;
  readonly timestampAuthority?: readonly string[];
  readonly allowUntimed?: boolean;
}

/** Whom the flags and the trust file they name trust, together. Throws `usage.invalid` when that is nobody. */
export async function trustOf(flags: TrustFlags, io: Io): Promise<TrustPolicy> {
  const file = flags.trust === undefined ? {} : fromFile(flags.trust, io);
  if ((flags.identity === undefined) !== (flags.issuer === undefined))
    throw new CordonError('usage.invalid', '--identity and --issuer go together: an identity means nothing without who vouched for it');
  const keys = (flags.key ?? []).map((name) => ({ publicKey: readPublicKey(readBounded(name, io), name), name }));
  const authorities = (flags.authority ?? []).flatMap((name) => readCertificates(readBounded(name, io).toString(), name));
  const identities = flags.identity === undefined || flags.issuer === undefined ? [] : [{ identity: flags.identity, issuer: flags.issuer }];
  const sigstore = flags.trustedRoot === undefined ? file.sigstore : readTrustedRoot(readBounded(flags.trustedRoot, io));
  const stamps = (flags.timestampAuthority ?? []).map((name) => readCertificates(readBounded(name, io).toString(), name));
  const policy: TrustPolicy = {
    keys: [...(file.keys ?? []), ...keys],
    authorities: [...(file.authorities ?? []), ...authorities],
    identities: [...(file.identities ?? []), ...identities],
    // The time-stamping authority of the public instance counts unless another instance is named.
    sigstore: sigstore ?? (await publicTrustedRoot()),
    timestampAuthorities: [...(file.timestampAuthorities ?? []), ...stamps],
    allowUntimed: flags.allowUntimed ?? file.allowUntimed ?? false,
  };
  if ([policy.keys, policy.authorities, policy.identities].every((list) => list?.length === 0))
    throw new CordonError('usage.invalid', 'say whom to trust: --key FILE, --authority FILE, --identity with --issuer, or --trust FILE');
  return policy;
}

function fromFile(name: string, io: Io): TrustPolicy {
  const folder = dirname(resolve(io.cwd, name));
  return readTrustFile(readBounded(name, io).toString(), name, (path) => readBounded(resolve(folder, path), io));
}
