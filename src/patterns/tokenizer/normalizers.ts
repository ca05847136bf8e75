import { bertNormalizer, lowerCase, withoutAccents } from './bert.ts';
import { type Json, list, object, pattern, string, unsupported } from './json-parts.ts';
import { precompiled } from './precompiled.ts';
import type { Normalizer } from './tokenizer.ts';

/** Longest chain of steps within steps. */
const DEEPEST = 8;

/** The normalizer that a `tokenizer.json` describes. */
export function readNormalizer(value: unknown, depth = 0): Normalizer {
  if (value === null || value === undefined) return (text) => text;
  const parts = object(value, 'the normalizer');
  const type = string(parts.type, 'the type of the normalizer');
  const made = MAKERS[type];
  if (made === undefined || depth > DEEPEST) throw unsupported(`the normalizer ${type}`);
  return made(parts, depth);
}

const MAKERS: Readonly<Record<string, (parts: Json, depth: number) => Normalizer>> = {
  Sequence: ({ normalizers }, depth) => {
    const steps = list(normalizers, 'the sequence').map((one) => readNormalizer(one, depth + 1));
    return (text) => steps.reduce((result, step) => step(result), text);
  },
  BertNormalizer: (parts) => {
    const lowercase = parts.lowercase !== false;
    const stripAccents = typeof parts.strip_accents === 'boolean' ? parts.strip_accents : lowercase;
    return bertNormalizer({ clean: parts.clean_text !== false, ideographs: parts.handle_chinese_chars !== false, stripAccents, lowercase });
  },
  Lowercase: () => lowerCase,
  StripAccents: () => withoutAccents,
  NFC: () => (text) => text.normalize('NFC'),
  NFD: () => (text) => text.normalize('NFD'),
  NFKC: () => (text) => text.normalize('NFKC'),
  NFKD: () => (text) => text.normalize('NFKD'),
  Strip:
    ({ strip_left: left, strip_right: right }) =>
    (text) => {
      const without = left === false ? text : text.replace(/^\p{White_Space}+/u, '');
      return right === false ? without : withoutEnd(without);
    },
  Replace: (parts) => {
    const searched = pattern(parts.pattern);
    const content = string(parts.content, 'the replacement');
    return (text) => text.replace(searched, () => content);
  },
  Prepend: (parts) => {
    const prepended = string(parts.prepend, 'what is prepended');
    return (text) => (text === '' ? '' : prepended + text);
  },
  Precompiled: (parts) =>
    parts.precompiled_charsmap === null
      ? (text) => text
      : precompiled(Buffer.from(string(parts.precompiled_charsmap, 'the character map'), 'base64')),
};

/** Why not a pattern: one that looks for spaces at the end tries again at every space. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /\p{White_Space}/u.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}
