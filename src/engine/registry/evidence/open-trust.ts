import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { CordonError, errorMessage } from '../../../core/errors.ts';
import type { RegistryTrust } from '../../../core/registry-evidence-config.ts';
import { readCertificates } from '../../../evidence/signature/read-pem.ts';
import type { TrustPolicy } from '../../../evidence/signature/trust-policy.ts';
import { readTrustedRoot } from '../../../evidence/signature/trusted-root.ts';
import { readPublicKey } from '../../../vault/ec-key.ts';

/** Whose signatures count in this registry, with the files that the configuration names. Throws `config.invalid` and `key.invalid`. */
export function openTrust(trust: RegistryTrust, folder: string): TrustPolicy {
  const read = (file: string): Buffer => {
    try {
      return readFileSync(resolve(folder, file));
    } catch (error) {
      throw new CordonError('config.invalid', `registry.trust: cannot read ${file}: ${errorMessage(error)}`, { cause: error });
    }
  };
  return {
    keys: trust.keys.map(({ file, name, from, until }) => ({
      publicKey: readPublicKey(read(file), file),
      name: name ?? basename(file),
      ...(from !== undefined && { from: new Date(from) }),
      ...(until !== undefined && { until: new Date(until) }),
    })),
    authorities: trust.authorities.flatMap((file) => readCertificates(read(file).toString(), file)),
    identities: trust.identities,
    ...(trust.trustedRoot !== undefined && { sigstore: readTrustedRoot(read(trust.trustedRoot)) }),
    timestampAuthorities: trust.timestampAuthorities.map((file) => readCertificates(read(file).toString(), file)),
  };
}
