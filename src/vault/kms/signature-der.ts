/** An ECDSA signature as DER, from its two numbers side by side (IEEE P1363), as JOSE has them. */
export function derOfPair(pair: Uint8Array): Buffer {
  const half = pair.length / 2;
  const numbers = [integer(pair.subarray(0, half)), integer(pair.subarray(half))];
  return element(0x30, Buffer.concat(numbers));
}

function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const shortest = bytes.subarray(start);
  // Why: a first bit that is set would make it negative.
  return element(0x02, Buffer.concat([(shortest[0] ?? 0) > 0x7f ? Buffer.alloc(1) : Buffer.alloc(0), shortest]));
}

function element(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? [content.length] : [0x81, content.length];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
