const BACKSLASH = 0x5c;
const SIMPLE: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11 };

/** The bytes of a string of the text form, its C escapes resolved. No escape is shorter than what it stands for. */
export function unescapeText(text: string): Uint8Array {
  const input = Buffer.from(text, 'utf8');
  if (!input.includes(BACKSLASH)) return input;
  const output = Buffer.alloc(input.length);
  let written = 0;
  for (let at = 0; at < input.length;) {
    const byte = input[at] ?? 0;
    if (byte !== BACKSLASH) {
      output[written++] = byte;
      at++;
      continue;
    }
    const escape = input.toString('latin1', at + 1, at + 10);
    const octal = /^[0-7]{1,3}/.exec(escape)?.[0];
    const hex = /^[xX]([0-9a-fA-F]{1,2})/.exec(escape);
    const wide = /^(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(escape);
    if (octal !== undefined) {
      output[written++] = Number.parseInt(octal, 8) & 0xff;
      at += 1 + octal.length;
    } else if (hex) {
      output[written++] = Number.parseInt(hex[1] ?? '0', 16);
      at += 1 + hex[0].length;
    } else if (wide) {
      const point = Number.parseInt(wide[1] ?? wide[2] ?? '0', 16);
      written += output.write(point <= 0x10ffff ? String.fromCodePoint(point) : '\uFFFD', written, 'utf8');
      at += 1 + wide[0].length;
    } else {
      output[written++] = SIMPLE[escape[0] ?? ''] ?? escape.charCodeAt(0);
      at += 2;
    }
  }
  return output.subarray(0, written);
}
