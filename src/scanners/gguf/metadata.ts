import type { Observation } from '../../core/finding.ts';
import type { GgufFile, GgufPair } from '../../formats/gguf/parse.ts';
import type { ValueType } from '../../formats/gguf/value.ts';
import type { GgufRuleId } from './rules.ts';

type Observations = Iterable<Observation<GgufRuleId>>;

const UNSIGNED: readonly ValueType[] = ['u8', 'u16', 'u32', 'u64', 'i32', 'i64'];

/** What loaders read without asking: key pattern -> types of the value, or of the elements of an array. */
const EXPECTED: readonly { key: RegExp; value?: readonly ValueType[]; elements?: readonly ValueType[] }[] = [
  { key: /^tokenizer\.ggml\.(?:tokens|merges|added_tokens)$/, elements: ['string'] },
  { key: /^tokenizer\.ggml\.scores$/, elements: ['f32'] },
  { key: /^tokenizer\.ggml\.token_type$/, elements: ['i32', 'u32'] },
  { key: /^tokenizer\.ggml\.(?:model|pre)$/, value: ['string'] },
  { key: /^tokenizer\.ggml\.(?:bos|eos|unknown|separator|padding|cls|mask|eot|eom)_token_id$/, value: UNSIGNED },
  { key: /^tokenizer\.chat_template(?:\..*)?$/, value: ['string'] },
  { key: /^tokenizer\.chat_templates$/, elements: ['string'] },
  { key: /^general\.(?:architecture|name|type|license|author|description|url)$/, value: ['string'] },
  { key: /^general\.(?:alignment|file_type|quantization_version)$/, value: UNSIGNED },
  { key: /\.(?:block_count|context_length|embedding_length|vocab_size|expert_count|rope\.dimension_count)$/, value: UNSIGNED },
];

/** Largest value that loaders can hold. Why 512: the fixed number of layers in llama.cpp (LLAMA_MAX_LAYERS). */
const MAXIMUM: readonly { key: RegExp; most: number }[] = [
  { key: /^[\w-]+\.block_count$/, most: 512 },
  { key: /^[\w-]+\.expert_count$/, most: 4096 },
  { key: /^[\w-]+\.(?:context_length|embedding_length|vocab_size)$/, most: 2 ** 31 - 1 },
];

/** Alignment of tensor data, in bytes, when the file gives none that can be used. */
export const DEFAULT_ALIGNMENT = 32;

/** The alignment to lay tensors out with: the stated one if it is a power of two below 1 GiB. */
export function alignmentOf(file: GgufFile): number {
  const stated = file.pairs.find(({ key }) => key === 'general.alignment')?.value.number;
  return stated !== undefined && isAlignment(stated) ? stated : DEFAULT_ALIGNMENT;
}

function isAlignment(value: number): boolean {
  return value > 0 && value < 2 ** 30 && (value & (value - 1)) === 0;
}

/** Checks keys, types and ranges of the metadata. */
export function* inspectMetadata(file: GgufFile): Observations {
  const seen = new Set<string>();
  for (const pair of file.pairs) {
    const key = pair.key.slice(0, 200);
    if (seen.has(pair.key)) {
      yield { rule: 'gguf.duplicate-key', key, message: `Metadata key ${key} occurs twice`, at: { offset: pair.value.offset } };
    }
    seen.add(pair.key);
    yield* checkType(pair);
    yield* checkRange(pair);
  }
}

function* checkType({ key, value }: GgufPair): Observations {
  const expected = EXPECTED.find((entry) => entry.key.test(key));
  if (expected === undefined) return;
  const found = value.elements === undefined ? value.type : `array of ${value.elements.type}`;
  const isRight =
    expected.value === undefined
      ? value.elements !== undefined && (expected.elements ?? []).includes(value.elements.type)
      : expected.value.includes(value.type);
  if (isRight) return;
  const wanted = expected.value?.join(' or ') ?? `array of ${expected.elements?.join(' or ')}`;
  yield {
    rule: 'gguf.type-confusion',
    key,
    message: `${key} is ${found}; loaders expect ${wanted}`,
    at: { offset: value.offset },
    evidence: { found, expected: wanted },
  };
}

function* checkRange({ key, value }: GgufPair): Observations {
  if (value.number === undefined) return;
  const most = MAXIMUM.find((entry) => entry.key.test(key))?.most;
  const isOutside = most !== undefined && !(value.number >= 0 && value.number <= most);
  const isBadAlignment = key === 'general.alignment' && !isAlignment(value.number);
  if (!isOutside && !isBadAlignment) return;
  const message = isBadAlignment
    ? `${key} is ${value.number}, not a power of two`
    : `${key} is ${value.number}; loaders hold at most ${most}`;
  yield { rule: 'gguf.parameter-range', key, message, at: { offset: value.offset } };
}
