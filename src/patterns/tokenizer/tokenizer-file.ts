/**
 * Reads a `tokenizer.json` of Hugging Face tokenizers: WordPiece, Unigram and byte-pair models with the normalizers and pre-tokenizers of
 * BERT, DeBERTa and ModernBERT. What it does not know is refused. Nothing of a file is executed.
 */
import { malformed } from '../../core/errors.ts';
import { bytePair } from './byte-pair.ts';
import { type Json, list, object, string, tokenId, unsupported } from './json-parts.ts';
import { readNormalizer } from './normalizers.ts';
import { type AddedToken, tokenizerOf } from './pipeline.ts';
import { readPreTokenizer } from './pre-tokenizers.ts';
import type { Tokenizer, TokenModel } from './tokenizer.ts';
import { unigram } from './unigram.ts';
import { MOST_ENTRIES } from './vocabulary-file.ts';
import { wordPiece } from './word-piece.ts';

/** The tokenizer of a `tokenizer.json`. */
export function readTokenizerFile(text: string): Tokenizer {
  const file = object(parsed(text), 'the file');
  const added = list(file.added_tokens ?? [], 'the list of added tokens').map((one) => object(one, 'an added token'));
  const ids = new Map(added.map((one) => [string(one.content, 'an added token'), tokenId(one.id, 'an added token')]));
  return tokenizerOf({
    normalize: readNormalizer(file.normalizer),
    split: readPreTokenizer(file.pre_tokenizer),
    model: readModel(object(file.model, 'the model')),
    ...aroundText(file.post_processor, ids),
    // Special tokens are not looked for: a text that spells them out must not get their power.
    added: added.filter(({ special }) => special !== true).map((one) => addedToken(one)),
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw Object.assign(malformed('the tokenizer is not JSON'), { cause: error });
  }
}

function addedToken(one: Json): AddedToken {
  if (one.single_word === true || one.lstrip === true || one.rstrip === true)
    throw unsupported('an added token that takes the spaces around it');
  return { content: string(one.content, 'an added token'), id: tokenId(one.id, 'an added token'), normalized: one.normalized !== false };
}

function readModel(model: Json): TokenModel {
  // Why: old files leave the type out.
  const type = model.type ?? (model.merges === undefined ? 'WordPiece' : 'BPE');
  if (type === 'WordPiece') {
    return wordPiece(vocabularyOf(model.vocab), {
      unknown: string(model.unk_token ?? '[UNK]', 'the unknown token'),
      prefix: string(model.continuing_subword_prefix ?? '##', 'the prefix'),
      longest: typeof model.max_input_chars_per_word === 'number' ? model.max_input_chars_per_word : 100,
    });
  }
  if (type === 'Unigram') {
    const vocabulary = bounded(list(model.vocab, 'the vocabulary')).map((entry) => {
      const [word, score] = list(entry, 'an entry');
      return [string(word, 'an entry'), Number(score)] as const;
    });
    const unknown = model.unk_id === null || model.unk_id === undefined ? undefined : tokenId(model.unk_id, 'the unknown token');
    return unigram({ vocabulary, unknown, byteFallback: model.byte_fallback === true });
  }
  if (type === 'BPE') return readBytePair(model);
  throw unsupported(`the model ${String(type)}`);
}

function readBytePair(model: Json): TokenModel {
  if (model.dropout !== null && model.dropout !== undefined && model.dropout !== 0) throw unsupported('random joins');
  for (const affix of ['continuing_subword_prefix', 'end_of_word_suffix']) if (model[affix]) throw unsupported(affix);
  const vocabulary = vocabularyOf(model.vocab);
  const merges = bounded(list(model.merges, 'the list of joins')).map((join) => {
    const [left, right, ...more] = typeof join === 'string' ? join.split(' ') : list(join, 'a join');
    if (more.length > 0) throw malformed('a join of the tokenizer has more than two parts');
    return [string(left, 'a join'), string(right, 'a join')] as const;
  });
  return bytePair({
    vocabulary,
    merges,
    unknown: typeof model.unk_token === 'string' ? vocabulary.get(model.unk_token) : undefined,
    fuseUnknown: model.fuse_unk === true,
    byteFallback: model.byte_fallback === true,
    ignoreMerges: model.ignore_merges === true,
  });
}

function vocabularyOf(value: unknown): ReadonlyMap<string, number> {
  return new Map(bounded(Object.entries(object(value, 'the vocabulary'))).map(([word, id]) => [word, tokenId(id, 'an entry')]));
}

function bounded<T>(entries: readonly T[]): readonly T[] {
  if (entries.length > MOST_ENTRIES) throw malformed('the vocabulary is too large');
  return entries;
}

interface Around {
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** The special tokens before and after a single text. */
function aroundText(value: unknown, ids: ReadonlyMap<string, number>): Around {
  if (value === null || value === undefined) return { begin: [], end: [] };
  const parts = object(value, 'the post-processor');
  switch (parts.type) {
    case 'ByteLevel':
      return { begin: [], end: [] };
    case 'BertProcessing':
    case 'RobertaProcessing':
      return { begin: [pairId(parts.cls)], end: [pairId(parts.sep)] };
    case 'TemplateProcessing':
      return template(parts, ids);
    case 'Sequence': {
      const steps = list(parts.processors, 'the sequence').map((one) => aroundText(one, ids));
      return { begin: steps.flatMap(({ begin }) => begin), end: steps.flatMap(({ end }) => end) };
    }
    default:
      throw unsupported(`the post-processor ${String(parts.type)}`);
  }
}

function pairId(value: unknown): number {
  return tokenId(list(value, 'a special token')[1], 'a special token');
}

function template(parts: Json, ids: ReadonlyMap<string, number>): Around {
  const around: { begin: number[]; end: number[] } = { begin: [], end: [] };
  const named = object(parts.special_tokens ?? {}, 'the special tokens');
  let side: 'begin' | 'end' = 'begin';
  for (const piece of list(parts.single, 'the template')) {
    const { SpecialToken: special, Sequence: sequence } = object(piece, 'a piece of the template');
    if (sequence !== undefined) side = 'end';
    else {
      const name = string(object(special, 'a special token').id, 'a special token');
      const entry = named[name];
      const found = entry === undefined ? [ids.get(name)] : list(object(entry, 'a special token').ids, 'the ids of a special token');
      around[side].push(...found.map((id) => tokenId(id, 'a special token')));
    }
  }
  return around;
}
