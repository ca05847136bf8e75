import type { X509Certificate } from 'node:crypto';
import { type DerElement, derElements, derOid } from './der.ts';
import { malformedSignature } from './strict-json.ts';

/** What a certificate says it may be used for; undefined where it does not say. */
export interface CertificateUse {
  readonly isAuthority: boolean;
  /** How many authorities may stand below it. */
  readonly pathLength: number | undefined;
  readonly keyUsage: { readonly digitalSignature: boolean; readonly certificateSigning: boolean } | undefined;
  /** Extended key usages, dotted. */
  readonly purposes: readonly string[] | undefined;
  /** Critical extensions that are not understood: RFC 5280 demands to refuse the certificate. */
  readonly unknownCritical: readonly string[];
  /** Object identifier of the algorithm it was signed with. */
  readonly signatureAlgorithm: string;
}

const BASIC_CONSTRAINTS = '2.5.29.19';
const KEY_USAGE = '2.5.29.15';
const EXTENDED_KEY_USAGE = '2.5.29.37';
/** Understood, or harmless to a signature over a model: key identifiers, names, policies, where revocations are published. */
const HARMLESS: ReadonlySet<string> = new Set([
  '2.5.29.14',
  '2.5.29.17',
  '2.5.29.18',
  '2.5.29.31',
  '2.5.29.32',
  '2.5.29.35',
  '1.3.6.1.5.5.7.1.1',
]);
const BIT_DIGITAL_SIGNATURE = 0x80;
const BIT_CERTIFICATE_SIGNING = 0x04;
const [BOOLEAN, INTEGER, BIT_STRING, OCTET_STRING, EXTENSIONS] = [0x01, 0x02, 0x03, 0x04, 0xa3];

/** Reads the extensions Node does not offer. Throws `signature.malformed`. */
export function certificateUse(certificate: X509Certificate): CertificateUse {
  const [whole] = derElements(certificate.raw);
  const [body, algorithm] = derElements(whole?.content ?? certificate.raw);
  const fields = derElements(body?.content ?? new Uint8Array());
  const block = fields.find(({ tag }) => tag === EXTENSIONS);
  const [list] = block === undefined ? [] : derElements(block.content);
  const extensions = list === undefined ? [] : derElements(list.content).map(extensionOf);
  if (new Set(extensions.map(({ oid }) => oid)).size !== extensions.length)
    throw malformedSignature('the certificate has an extension twice');
  const value = (oid: string): Uint8Array | undefined => extensions.find((extension) => extension.oid === oid)?.value;
  const known = new Set([...HARMLESS, BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE]);
  return {
    ...constraintsOf(value(BASIC_CONSTRAINTS)),
    keyUsage: keyUsageOf(value(KEY_USAGE)),
    purposes: purposesOf(value(EXTENDED_KEY_USAGE)),
    unknownCritical: extensions.filter(({ oid, isCritical }) => isCritical && !known.has(oid)).map(({ oid }) => oid),
    signatureAlgorithm: derOid(derElements(algorithm?.content ?? new Uint8Array())[0]?.content ?? new Uint8Array()),
  };
}

function extensionOf({ content }: DerElement): { oid: string; isCritical: boolean; value: Uint8Array } {
  const [oid, ...rest] = derElements(content);
  const value = rest.find(({ tag }) => tag === OCTET_STRING);
  if (oid === undefined || value === undefined) throw malformedSignature('the certificate has an extension without value');
  return {
    oid: derOid(oid.content),
    isCritical: rest.some(({ tag, content: [flag = 0] }) => tag === BOOLEAN && flag !== 0),
    value: value.content,
  };
}

function constraintsOf(value: Uint8Array | undefined): Pick<CertificateUse, 'isAuthority' | 'pathLength'> {
  if (value === undefined) return { isAuthority: false, pathLength: undefined };
  const fields = derElements(derElements(value)[0]?.content ?? new Uint8Array());
  const isAuthority = fields.some(({ tag, content: [flag = 0] }) => tag === BOOLEAN && flag !== 0);
  const length = fields.find(({ tag }) => tag === INTEGER)?.content;
  // Why 0 for what does not fit one byte: a longer or negative number is a mistake, and none is the safe reading of it.
  const pathLength = length === undefined ? undefined : length.length === 1 && (length[0] ?? 0) < 0x80 ? length[0] : 0;
  return { isAuthority, pathLength };
}

function keyUsageOf(value: Uint8Array | undefined): CertificateUse['keyUsage'] {
  if (value === undefined) return undefined;
  const [bits] = derElements(value);
  if (bits?.tag !== BIT_STRING) throw malformedSignature('the certificate has a key usage that is no bit string');
  const first = bits.content[1] ?? 0;
  return { digitalSignature: (first & BIT_DIGITAL_SIGNATURE) !== 0, certificateSigning: (first & BIT_CERTIFICATE_SIGNING) !== 0 };
}

function purposesOf(value: Uint8Array | undefined): readonly string[] | undefined {
  return value === undefined
    ? undefined
    : derElements(derElements(value)[0]?.content ?? new Uint8Array()).map(({ content }) => derOid(content));
}
