import { createHash, type KeyObject, createPublicKey, sign } from 'node:crypto';

/** The part of a certificate transparency log that a certification authority talks to. */
export interface CtLog {
  readonly publicKey: Buffer;
  readonly logID: Buffer;
  log(certificate: ArrayBuffer, issuerID: ArrayBuffer): Promise<ArrayBuffer>;
}

const PRECERTIFICATE = 1;
const [SHA256, ECDSA] = [4, 3];

/**
 * Signs certificate timestamps (RFC 6962 section 3.2). Why own code: the log that `@sigstore/mock` brings encodes the signature
 * in a way that the newest `pkijs` no longer does.
 */
export function makeCtLog(key: KeyObject): CtLog {
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const logID = createHash('sha256').update(publicKey).digest();
  return {
    publicKey,
    logID,
    async log(certificate, issuerID) {
      const body = firstElement(Buffer.from(certificate));
      const time = Buffer.alloc(8);
      time.writeBigUInt64BE(BigInt(Date.now()));
      const signed = Buffer.concat([
        Buffer.of(0, 0),
        time,
        number(PRECERTIFICATE, 2),
        Buffer.from(issuerID),
        number(body.length, 3),
        body,
        number(0, 2),
      ]);
      const signature = sign('sha256', signed, key);
      const sct = Buffer.concat([
        Buffer.of(0),
        logID,
        time,
        number(0, 2),
        Buffer.of(SHA256, ECDSA),
        number(signature.length, 2),
        signature,
      ]);
      return new Uint8Array(Buffer.concat([number(sct.length, 2), sct])).buffer;
    },
  };
}

function number(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

/** The signed part of a certificate: the first element inside the outer sequence. */
function firstElement(certificate: Buffer): Buffer {
  const start = headerSize(certificate, 0).header;
  const { header, length } = headerSize(certificate, start);
  return certificate.subarray(start, start + header + length);
}

function headerSize(bytes: Buffer, at: number): { header: number; length: number } {
  const first = bytes.readUInt8(at + 1);
  if (first < 0x80) return { header: 2, length: first };
  return { header: 2 + (first & 0x7f), length: bytes.readUIntBE(at + 2, first & 0x7f) };
}
