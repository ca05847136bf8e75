import type { ScanContext } from '../../core/plugin.ts';
import type { GgufLayout } from '../../formats/gguf/layout.ts';
import type { GgufFile } from '../../formats/gguf/parse.ts';
import { tensorType } from '../../formats/gguf/tensor-types.ts';

/** Fact name -> metadata key; `ARCH` stands for the architecture. */
const DECLARED: readonly (readonly [fact: string, key: string])[] = [
  ['architecture', 'general.architecture'],
  ['licence', 'general.license'],
  ['model.title', 'general.name'],
  ['model.author', 'general.author'],
  ['gguf.fileType', 'general.file_type'],
  ['contextLength', 'ARCH.context_length'],
  ['layers', 'ARCH.block_count'],
];

/** Records what the tensor table measures and what the metadata declares. */
export function declareFacts(file: GgufFile, layout: GgufLayout, context: ScanContext): void {
  context.fact('format.version', file.version);
  context.fact('format.byteOrder', file.littleEndian ? 'little' : 'big');
  const dtypes: Record<string, number> = {};
  let parameters = 0;
  for (const { type, elements } of layout.tensors) {
    if (!Number.isSafeInteger(parameters + elements)) continue;
    parameters += elements;
    const name = tensorType(type)?.name ?? 'unknown';
    dtypes[name] = (dtypes[name] ?? 0) + elements;
  }
  context.fact('tensors', { count: layout.tensors.length, parameters, dtypes });
  const values = new Map(file.pairs.map(({ key, value }) => [key, value]));
  const architecture = values.get('general.architecture')?.text ?? '';
  for (const [fact, key] of DECLARED) {
    const value = values.get(key.replace('ARCH', architecture));
    const known = value?.text ?? value?.number;
    const isShort = typeof known === 'number' ? Number.isFinite(known) : known !== undefined && known.length <= 200;
    if (known !== undefined && isShort) context.fact(fact, known, 'declared');
  }
}
