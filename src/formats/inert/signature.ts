import type { Format } from '../../core/format.ts';
import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

const ICON = '\x00\x00\x01\x00\x01\x00';

/** Magic numbers of files that lie beside models and that no model loader executes: format, magic, offset. */
const MAGIC: readonly (readonly [Format, string, number?])[] = [
  ['image', '\x89PNG\r\n\x1a\n'],
  ['image', '\xff\xd8\xff'],
  ['image', 'GIF87a'],
  ['image', 'GIF89a'],
  ['image', 'II*\x00'],
  ['image', 'MM\x00*'],
  ['image', ICON],
  ['image', '\x00\x00\x00\x0cjP  \r\n\x87\n'],
  ['image', '8BPS\x00\x01'],
  ['image', 'v/1\x01\x02\x00\x00'],
  ['image', '\x00\x00\x00\x0cJXL \r\n\x87\n'],
  ['image', 'qoif'],
  ['image', 'P5\n'],
  ['image', 'P6\n'],
  ['pdf', '%PDF-'],
  ['media', 'ID3'],
  ['media', 'OggS'],
  ['media', 'fLaC'],
  ['media', '\x1aE\xdf\xa3'],
  ['media', 'MThd\x00\x00\x00\x06'],
  ['media', 'wOFF'],
  ['media', 'wOF2'],
  ['media', 'OTTO\x00'],
  ['media', '\x00\x01\x00\x00\x00'],
  ['media', 'ply\n'],
  ['media', 'glTF'],
  ['tabular', 'PAR1'],
  ['tabular', 'ARROW1\x00\x00'],
  ['tabular', 'FEA1'],
  ['tabular', 'Obj\x01'],
  ['tabular', 'ORC\x01'],
  ['tabular', 'SQLite format 3\x00'],
  ['tabular', 'DUCK', 8],
];

/** RIFF form types that are pictures; the other forms are sound and video. */
const RIFF_FORMS: Readonly<Record<string, Format>> = { WEBP: 'image', WAVE: 'media', 'AVI ': 'media' };

/** Pictures, documents, sound, video, fonts and tables: recognised so that they are not "unknown", and never more than that. */
export const inert: readonly Signature[] = (['image', 'pdf', 'media', 'tabular'] as const).map((format) => ({
  format,
  matches: (head) => recognise(head) === format,
}));

function recognise(head: Uint8Array): Format | undefined {
  const found = MAGIC.find(([, magic, offset]) => hasBytes(head, magic, offset));
  if (found?.[0] === 'media') return confirmedMedia(head, found[1]);
  if (found?.[1] === ICON) return isIcon(head) ? 'image' : undefined;
  if (found) return found[0];
  if (hasBytes(head, 'RIFF')) return RIFF_FORMS[String.fromCharCode(...head.subarray(8, 12))];
  if (hasBytes(head, 'ftyp', 4))
    return /^(avif|avis|heic|heix|mif1|msf1)/.test(String.fromCharCode(...head.subarray(8, 12))) ? 'image' : 'media';
  if (isMpegAudio(head)) return 'media';
  if (isBitmap(head)) return 'image';
  return undefined;
}

/** Short magic numbers need a second look, because tensors and tables begin with anything. */
function confirmedMedia(head: Uint8Array, magic: string): Format | undefined {
  if (magic === 'ID3') return (head[3] ?? 9) < 5 ? 'media' : undefined;
  if (magic === '\x00\x01\x00\x00\x00') return isTrueType(head) ? 'media' : undefined;
  return 'media';
}

/** One directory entry that leads to a picture behind it. Why: arrays of zeros and ones begin like an icon too. */
function isIcon(head: Uint8Array): boolean {
  if (head.length < 22) return false;
  const entry = new DataView(head.buffer, head.byteOffset + 6, 16);
  return entry.getUint8(3) === 0 && entry.getUint32(8, true) >= 40 && entry.getUint32(12, true) === 22;
}

/** A TrueType table directory: a small table count and printable tags. */
function isTrueType(head: Uint8Array): boolean {
  const tables = (head[4] ?? 0) * 256 + (head[5] ?? 0);
  return (
    tables >= 4 && tables <= 64 && [12, 28, 44].every((at) => /^[A-Za-z0-9/ ]{4}$/.test(String.fromCharCode(...head.subarray(at, at + 4))))
  );
}

/** Two MPEG layer III frame headers, the second where the first one says. */
function isMpegAudio(head: Uint8Array): boolean {
  if (head[0] !== 0xff || (head[1] ?? 0) >> 1 !== 0x7d) return false;
  const [bits = 0] = head.subarray(2, 3);
  const rate = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0][bits >> 4] ?? 0;
  const frequency = [44100, 48000, 32000, 0][(bits >> 2) & 3] ?? 0;
  if (rate === 0 || frequency === 0) return false;
  const next = Math.floor((144_000 * rate) / frequency) + ((bits >> 1) & 1);
  return head[next] === 0xff && (head[next + 1] ?? 0) >> 1 === 0x7d;
}

/** A BMP whose reserved words are zero and whose header length is one of those in use. */
function isBitmap(head: Uint8Array): boolean {
  return (
    hasBytes(head, 'BM') &&
    hasBytes(head, [0, 0, 0, 0], 6) &&
    [12, 40, 52, 56, 64, 108, 124].includes(head[14] ?? 0) &&
    hasBytes(head, [0, 0, 0], 15)
  );
}
