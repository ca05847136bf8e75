import { X509Certificate } from 'node:crypto';
import { CordonError, errorMessage } from '../../core/errors.ts';

/** Why: a bundle of every public authority has about 150. */
const MAX_CERTIFICATES = 1000;

/** All certificates of a PEM file, in order. Throws `key.invalid`. */
export function readCertificates(pem: string, name: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || blocks.length > MAX_CERTIFICATES)
    throw new CordonError('key.invalid', `${name} has ${blocks.length} certificates in PEM`);
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch (error) {
    throw new CordonError('key.invalid', `${name} has a certificate that cannot be read: ${errorMessage(error)}`, { cause: error });
  }
}
