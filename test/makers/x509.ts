import { createPublicKey, generateKeyPairSync, type KeyObject, sign, X509Certificate } from 'node:crypto';

/** What a made certificate says; everything a verifier looks at can be said wrongly. */
export interface CertificateWish {
  readonly subject: string;
  /** Default: a fresh P-256 key. */
  readonly key?: KeyObject;
  /** Default: signed by itself. */
  readonly issuer?: MadeCertificate;
  readonly from?: Date;
  readonly until?: Date;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  /** Bits of the key usage, first bit first; null: no such extension. */
  readonly keyUsage?: readonly ('digitalSignature' | 'keyCertSign')[] | null;
  /** Extended key usages, dotted. */
  readonly purposes?: readonly string[];
  /** Alternative names: addresses of resources, and names of hosts. */
  readonly sans?: readonly { readonly uri?: string; readonly dns?: string; readonly ip?: readonly number[] }[];
  /** Object identifier of a critical extension nobody knows. */
  readonly unknownCritical?: string;
}

/** A certificate and its private key. */
export interface MadeCertificate {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
  readonly name: Buffer;
}

export const CODE_SIGNING = '1.3.6.1.5.5.7.3.3';
export const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const USAGE_BITS = { digitalSignature: 0x80, keyCertSign: 0x04 } as const;
let serial = 1;

/** Makes an X.509 version 3 certificate, signed with ECDSA and SHA-256. */
export function makeCertificate(wish: CertificateWish): MadeCertificate {
  const key = wish.key ?? generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
  const name = sequence(set(sequence(oid('2.5.4.3'), der(0x0c, Buffer.from(wish.subject)))));
  const algorithm = sequence(oid(ECDSA_SHA256));
  const from = wish.from ?? new Date(Date.now() - 86_400_000);
  const until = wish.until ?? new Date(Date.now() + 86_400_000);
  const body = sequence(
    der(0xa0, integer(2)),
    integer(serial++),
    algorithm,
    wish.issuer?.name ?? name,
    sequence(time(from), time(until)),
    name,
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensionsOf(wish))),
  );
  const signature = sign('sha256', body, wish.issuer?.key ?? key);
  const whole = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.of(0), signature])));
  return { certificate: new X509Certificate(whole), key, name };
}

/** An authority, one below it and a signing certificate: what honest bundles carry. */
export function makeChain(leaf: Partial<CertificateWish> = {}): { root: MadeCertificate; middle: MadeCertificate; leaf: MadeCertificate } {
  const authority = { isAuthority: true, keyUsage: ['keyCertSign'] } as const;
  const root = makeCertificate({ subject: 'Test root', ...authority });
  const middle = makeCertificate({ subject: 'Test intermediate', issuer: root, pathLength: 0, ...authority });
  return { root, middle, leaf: makeCertificate({ subject: 'Test signer', issuer: middle, purposes: [CODE_SIGNING], ...leaf }) };
}

function extensionsOf({
  isAuthority = false,
  pathLength,
  keyUsage = ['digitalSignature'],
  purposes,
  sans,
  unknownCritical,
}: CertificateWish): Buffer[] {
  const extensions: Buffer[] = [];
  if (isAuthority) {
    const length = pathLength === undefined ? [] : [integer(pathLength)];
    extensions.push(extension('2.5.29.19', true, sequence(der(0x01, Buffer.of(0xff)), ...length)));
  } else extensions.push(extension('2.5.29.19', true, sequence()));
  if (keyUsage !== null) {
    const bits = keyUsage.reduce((sum, usage) => sum | USAGE_BITS[usage], 0);
    extensions.push(extension('2.5.29.15', true, der(0x03, Buffer.of(bits & 0x04 ? 2 : 7, bits))));
  }
  if (purposes !== undefined) extensions.push(extension('2.5.29.37', false, sequence(...purposes.map(oid))));
  if (sans !== undefined) {
    const names = sans.map(({ uri, dns, ip }) =>
      ip === undefined ? der(uri === undefined ? 0x82 : 0x86, Buffer.from(uri ?? dns ?? '')) : der(0x87, Buffer.from(ip)),
    );
    extensions.push(extension('2.5.29.17', false, sequence(...names)));
  }
  if (unknownCritical !== undefined) extensions.push(extension(unknownCritical, true, sequence()));
  return extensions;
}

function extension(id: string, isCritical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(isCritical ? [der(0x01, Buffer.of(0xff))] : []), der(0x04, value));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const size = Buffer.from(length.toString(16).padStart(length > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.of(tag, 0x80 | size.length), size, content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

function integer(value: number): Buffer {
  const bytes = Buffer.from(value.toString(16).padStart(value > 0x7f ? 4 : 2, '0'), 'hex');
  return der(0x02, bytes);
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}

function time(at: Date): Buffer {
  const text = at.toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  // RFC 5280: two digits of the year before 2050.
  return at.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(text.slice(2))) : der(0x18, Buffer.from(text));
}
