import { crc32 } from 'node:zlib';

/** A message of an AWS event stream: headers with texts, or headers as bytes. */
export function encodeEvent(headers: Readonly<Record<string, string>> | Buffer, payload: Buffer): Buffer {
  const raw = Buffer.isBuffer(headers) ? headers : Buffer.concat(Object.entries(headers).map(([name, value]) => headerOf(name, value)));
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(12 + raw.length + payload.length + 4, 0);
  prelude.writeUInt32BE(raw.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const body = Buffer.concat([prelude, raw, payload]);
  const trailer = Buffer.alloc(4);
  trailer.writeUInt32BE(crc32(body));
  return Buffer.concat([body, trailer]);
}

function headerOf(name: string, value: string): Buffer {
  const [key, text] = [Buffer.from(name), Buffer.from(value)];
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([Buffer.from([key.length]), key, Buffer.from([7]), length, text]);
}
