/** A NumPy array file: a header written out as text, padded to 64 bytes, then the data. */
export function npy(header: string, data: Uint8Array | string = new Uint8Array(), version: 1 | 2 | 3 = 1): Buffer {
  const fixed = version === 1 ? 10 : 12;
  const text = Buffer.from(header, version === 3 ? 'utf8' : 'latin1');
  const padded = Math.ceil((fixed + text.length + 1) / 64) * 64 - fixed;
  const prefix = Buffer.alloc(fixed);
  prefix.write('\x93NUMPY', 'latin1');
  prefix[6] = version;
  if (version === 1) prefix.writeUInt16LE(padded, 8);
  else prefix.writeUInt32LE(padded, 8);
  return Buffer.concat([prefix, text, Buffer.alloc(padded - text.length - 1, ' '), Buffer.from('\n'), Buffer.from(data)]);
}

/** The header NumPy writes for an element type and a shape. */
export function npyHeader(descr: string, shape: string): string {
  return `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
}
