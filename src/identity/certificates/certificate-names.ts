import type { PeerCertificate } from 'node:tls';

/** What a verified certificate says of whom it belongs to. */
export interface CertificateNames {
  /** Undefined when there is none, or more than one. */
  readonly commonName: string | undefined;
  /** Such as `URI:spiffe://example.org/a` and `DNS:ci.example.org`. */
  readonly sans: readonly string[];
}

/** Reads the names. A certificate whose alternative names cannot be read without doubt has none. */
export function certificateNames(certificate: PeerCertificate): CertificateNames {
  const subject: unknown = certificate.subject;
  // Why own: Node makes this object from what the certificate says.
  const commonName: unknown = typeof subject === 'object' && subject !== null && Object.hasOwn(subject, 'CN') ? certificate.subject.CN : '';
  return {
    commonName: typeof commonName === 'string' && commonName !== '' ? commonName : undefined,
    sans: alternativeNames(certificate.subjectaltname ?? ''),
  };
}

/**
 * Node writes `DNS:a, URI:b`, and quotes as JSON what holds a comma, a quote or a control character. Why the whole list goes when one
 * name is odd: a name that was made to look like two must not count as either.
 */
function alternativeNames(text: string): readonly string[] {
  const names: string[] = [];
  let rest = text;
  while (rest !== '') {
    const match = /^([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/.exec(rest);
    if (match === null) return [];
    const [whole, kind, value] = match as unknown as [string, string, string];
    try {
      names.push(`${kind}:${value.startsWith('"') ? String(JSON.parse(value)) : value}`);
    } catch {
      return [];
    }
    rest = rest.slice(whole.length);
  }
  return names;
}
