import { bertPreTokenizer } from './bert.ts';
import { byteLevel } from './byte-level.ts';
import { type Json, list, object, string, unsupported } from './json-parts.ts';
import { metaspace } from './metaspace.ts';
import type { PreTokenizer } from './tokenizer.ts';

/** Longest chain of steps within steps. */
const DEEPEST = 8;

/** The pre-tokenizer that a `tokenizer.json` describes. */
export function readPreTokenizer(value: unknown, depth = 0): PreTokenizer {
  if (value === null || value === undefined) return (text) => [text];
  const parts = object(value, 'the pre-tokenizer');
  const type = string(parts.type, 'the type of the pre-tokenizer');
  const made = MAKERS[type];
  if (made === undefined || depth > DEEPEST) throw unsupported(`the pre-tokenizer ${type}`);
  return made(parts, depth);
}

const MAKERS: Readonly<Record<string, (parts: Json, depth: number) => PreTokenizer>> = {
  Sequence: ({ pretokenizers }, depth) => {
    const steps = list(pretokenizers, 'the sequence').map((one) => readPreTokenizer(one, depth + 1));
    return (text, first) =>
      steps.reduce<readonly string[]>((pieces, step) => pieces.flatMap((piece, at) => step(piece, first && at === 0)), [text]);
  },
  BertPreTokenizer: () => bertPreTokenizer,
  Whitespace: () => (text) =>
    text.match(/[\p{L}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{L}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu) ?? [],
  WhitespaceSplit: () => (text) => text.match(/\P{White_Space}+/gu) ?? [],
  Punctuation: ({ behavior }) => {
    if (behavior !== undefined && behavior !== 'Isolated') throw unsupported('punctuation that is not cut out');
    return (text) => text.match(/[!-/:-@[-`{-~]|\p{P}|[^\p{P}!-/:-@[-`{-~]+/gu) ?? [];
  },
  Digits:
    ({ individual_digits: each }) =>
    (text) =>
      text.match(each === true ? /\p{N}|\P{N}+/gu : /\p{N}+|\P{N}+/gu) ?? [],
  ByteLevel: ({ add_prefix_space: prefix, use_regex: regex }) => byteLevel(prefix !== false, regex !== false),
  Metaspace: ({ replacement, prepend_scheme: scheme, add_prefix_space: legacy, split }) => {
    const prepend = scheme ?? (legacy === false ? 'never' : 'always');
    if (prepend !== 'always' && prepend !== 'first' && prepend !== 'never') throw unsupported('an unknown way of marking spaces');
    return metaspace({ mark: string(replacement, 'the mark of spaces'), prepend, split: split !== false });
  },
};
