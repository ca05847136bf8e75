/** Class of a UTF-16 code unit: what separates, what makes words, what stands alone. */
export const SPACE = 0;
export const WORD = 1;
export const MARK = 2;
export const IDEOGRAPH = 3;

type Ranges = readonly (readonly [number, number])[];

const SPACES: Ranges = [
  [0x00, 0x20],
  [0x85, 0x85],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200f],
  [0x2028, 0x202f],
  [0x205f, 0x206f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
];

const MARKS: Ranges = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x5e],
  [0x60, 0x60],
  [0x7b, 0x7f],
  [0x80, 0x84],
  [0x86, 0x9f],
  [0xa1, 0xa9],
  [0xab, 0xb4],
  [0xb6, 0xb9],
  [0xbb, 0xbf],
  [0xd7, 0xd7],
  [0xf7, 0xf7],
  [0x055a, 0x055f],
  [0x0589, 0x058a],
  [0x05be, 0x05be],
  [0x05f3, 0x05f4],
  [0x060c, 0x060d],
  [0x061b, 0x061f],
  [0x066a, 0x066d],
  [0x06d4, 0x06d4],
  [0x0964, 0x0965],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x20a0, 0x20cf],
  [0x2190, 0x2bff],
  [0x3001, 0x3004],
  [0x3008, 0x3020],
  [0xd800, 0xdfff],
  [0xff01, 0xff0f],
  [0xff1a, 0xff20],
  [0xff3b, 0xff40],
  [0xff5b, 0xff65],
];

/** Scripts written without spaces: every code unit is a token of its own. */
const IDEOGRAPHS: Ranges = [
  [0x0e00, 0x0eff],
  [0x1000, 0x109f],
  [0x1780, 0x17ff],
  [0x2e80, 0x2fdf],
  [0x3005, 0x3007],
  [0x3021, 0x312f],
  [0x31a0, 0x31ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0xff66, 0xff9f],
];

/** Class of every code unit. The same ranges stand in training/classifier/text_classes.py. */
export const CLASS: Uint8Array = classes();

/** Every code unit in lower case, where that is one code unit; every ASCII digit as 0. */
export const FOLD: Uint16Array = folded();

function classes(): Uint8Array {
  const out = new Uint8Array(65_536).fill(WORD);
  for (const [kind, ranges] of [
    [SPACE, SPACES],
    [MARK, MARKS],
    [IDEOGRAPH, IDEOGRAPHS],
  ] as const) {
    for (const [first, last] of ranges) out.fill(kind, first, last + 1);
  }
  return out;
}

function folded(): Uint16Array {
  const out = new Uint16Array(65_536);
  for (let unit = 0; unit < out.length; unit++) {
    const lower = String.fromCharCode(unit).toLowerCase();
    out[unit] = lower.length === 1 ? lower.charCodeAt(0) : unit;
  }
  return out.fill(0x30, 0x30, 0x3a);
}
