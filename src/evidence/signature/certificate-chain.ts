import type { X509Certificate } from 'node:crypto';
import { type CertificateUse, certificateUse } from './certificate-extensions.ts';

/** Why: OMS chains have three certificates; longer ones only cost time. */
const MAX_DEPTH = 8;
const RSA_BITS = 2048;
/** MD5 and SHA-1 with RSA, DSA or ECDSA: collisions can be made. */
const BROKEN_ALGORITHMS: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2',
  '1.2.840.113549.1.1.3',
  '1.2.840.113549.1.1.4',
  '1.2.840.113549.1.1.5',
  '1.2.840.10040.4.3',
  '1.2.840.10045.4.1',
  '1.3.14.3.2.29',
]);

interface Search {
  readonly anchors: readonly X509Certificate[];
  /** Certificates the bundle brought along: they connect, they are never trusted. */
  readonly others: readonly X509Certificate[];
  /** Why the search ended short of an anchor, for the message. */
  readonly obstacles: Set<string>;
}

/** A way from a certificate to a pinned one, leaf first, or the reasons why there is none. */
export type ChainResult = { readonly chain: readonly X509Certificate[] } | { readonly reasons: readonly string[] };

/** Looks for a chain whose signatures, constraints and usages hold. Validity in time is judged apart, over the whole chain. */
export function findChain(leaf: X509Certificate, others: readonly X509Certificate[], anchors: readonly X509Certificate[]): ChainResult {
  const search: Search = { anchors, others, obstacles: new Set() };
  const chain = extend([leaf], search);
  if (chain !== undefined) return { chain };
  return { reasons: search.obstacles.size === 0 ? ['it leads to no pinned authority'] : [...search.obstacles] };
}

function extend(path: readonly X509Certificate[], search: Search): readonly X509Certificate[] | undefined {
  const tip = path.at(-1);
  if (tip === undefined) return undefined;
  const flaw = flawOf(tip, path.length - 1);
  if (flaw !== undefined) {
    search.obstacles.add(`${nameOf(tip)} ${flaw}`);
    return undefined;
  }
  if (isAmong(tip, search.anchors)) return path;
  if (path.length >= MAX_DEPTH) return undefined;
  for (const issuer of [...search.anchors, ...search.others]) {
    if (isAmong(issuer, path) || !hasIssued(issuer, tip)) continue;
    const found = extend([...path, issuer], search);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** What forbids a certificate its place: `depth` 0 is the leaf, 1 what issued it. */
function flawOf(certificate: X509Certificate, depth: number): string | undefined {
  const use = certificateUse(certificate);
  if (use.unknownCritical.length > 0) return `has critical extensions that are not understood: ${use.unknownCritical.join(', ')}`;
  if (BROKEN_ALGORITHMS.has(use.signatureAlgorithm)) return 'is signed with MD5 or SHA-1';
  const { publicKey } = certificate;
  if (publicKey.asymmetricKeyType === 'rsa' && (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) < RSA_BITS)
    return `has an RSA key shorter than ${RSA_BITS} bits`;
  return depth === 0 ? leafFlaw(use) : authorityFlaw(use, depth);
}

const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
const ANY_PURPOSE = '2.5.29.37.0';

/**
 * OMS wants the key usage digitalSignature or the extended key usage codeSigning. Stricter: extended usages that are named and do
 * not include code signing refuse. Why: the authority of a company also issues certificates to every web server.
 */
function leafFlaw({ keyUsage, purposes }: CertificateUse): string | undefined {
  const forCode = purposes?.some((purpose) => purpose === CODE_SIGNING || purpose === ANY_PURPOSE);
  if (forCode === false) return 'is issued for other purposes than code signing';
  if (keyUsage?.digitalSignature === false) return 'may not make digital signatures';
  return forCode === true || keyUsage?.digitalSignature === true ? undefined : 'does not say that it may sign';
}

function authorityFlaw({ isAuthority, pathLength, keyUsage }: CertificateUse, depth: number): string | undefined {
  if (!isAuthority) return 'is no certification authority';
  if (keyUsage?.certificateSigning === false) return 'may not sign certificates';
  return pathLength !== undefined && depth - 1 > pathLength ? `allows ${pathLength} authorities below it` : undefined;
}

function hasIssued(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function isAmong(certificate: X509Certificate, list: readonly X509Certificate[]): boolean {
  return list.some(({ raw }) => raw.equals(certificate.raw));
}

/** The subject on one line. */
export function nameOf(certificate: X509Certificate): string {
  return certificate.subject.split('\n').join(', ').slice(0, 200);
}
