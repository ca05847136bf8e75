import { malformed } from '../../core/errors.ts';
import type { Normalizer } from './tokenizer.ts';

/** Longer graphemes are looked up letter by letter. */
const LONGEST_GRAPHEME = 6;

/**
 * The character map of SentencePiece: a double-array trie over UTF-8 and the texts that its leaves name. A grapheme becomes the text of the
 * shortest entry that it begins with, as in the reference implementation.
 */
export function precompiled(map: Uint8Array): Normalizer {
  const view = new DataView(map.buffer, map.byteOffset, map.byteLength);
  const size = map.length >= 4 ? view.getUint32(0, true) : -1;
  if (size < 4 || size % 4 !== 0 || size + 4 > map.length) throw malformed('the character map of the tokenizer is damaged');
  const units = Uint32Array.from({ length: size / 4 }, (_, at) => view.getUint32(4 + 4 * at, true));
  const texts = map.subarray(4 + size);
  const known = new Map<string, string | undefined>();

  function lookUp(part: string): string | undefined {
    if (known.has(part)) return known.get(part);
    const at = shortestEntry(units, Buffer.from(part, 'utf8'));
    const found = at === undefined ? undefined : textAt(texts, at);
    // Why the bound: texts with ever new letters must not fill the memory.
    if (known.size < 20_000) known.set(part, found);
    return found;
  }

  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  return (text) => {
    let out = '';
    for (const grapheme of isPlain(text) ? text : graphemes(segmenter, text)) {
      const whole = Buffer.byteLength(grapheme) < LONGEST_GRAPHEME ? lookUp(grapheme) : undefined;
      if (whole !== undefined) out += whole;
      else for (const letter of grapheme) out += lookUp(letter) ?? letter;
    }
    return out;
  };
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function* graphemes(segmenter: Intl.Segmenter, text: string): Generator<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

/** Walks the trie; the place in the texts that the first leaf names. */
function shortestEntry(units: Uint32Array, key: Uint8Array): number | undefined {
  let node = offsetOf(units[0] ?? 0);
  for (const byte of key) {
    if (byte === 0) return undefined;
    node ^= byte;
    const unit = units[node];
    if (unit === undefined || (unit & 0x8000_00ff) >>> 0 !== byte) return undefined;
    node ^= offsetOf(unit);
    if (((unit >>> 8) & 1) === 1) return (units[node] ?? 0) & 0x7fff_ffff;
  }
  return undefined;
}

function offsetOf(unit: number): number {
  return ((unit >>> 10) << ((unit & 0x200) >>> 6)) >>> 0;
}

function textAt(texts: Uint8Array, at: number): string {
  const end = texts.indexOf(0, at);
  return Buffer.from(texts.subarray(at, end < 0 ? texts.length : end)).toString('utf8');
}
