import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import { sliceSource } from '../../formats/bytes/source.ts';
import { layOutGguf } from '../../formats/gguf/layout.ts';
import { parseLegacyGgml } from '../../formats/gguf/legacy.ts';
import { type GgufFile, parseGguf } from '../../formats/gguf/parse.ts';
import { declareFacts } from './facts.ts';
import { alignmentOf, inspectMetadata } from './metadata.ts';
import { type GgufRuleId, RULES } from './rules.ts';
import { inspectTensors } from './tensors.ts';

type Observations = Iterable<Observation<GgufRuleId>>;

/** Reads everything of a GGUF file but the tensor data; hands every chat template to the engine as a member. */
export const ggufScanner = fileScanner({
  id: 'gguf',
  title: 'GGUF and GGML: counts, types, tensor layout, chat templates',
  rules: RULES,
  accepts: (subject) => subject.format === 'gguf' || subject.format === 'ggml',
  *inspect(subject, context) {
    if (subject.format === 'ggml') yield* inspectLegacy(subject, context);
    else yield* inspectGguf(subject, context);
  },
});

function* inspectGguf({ source }: FileSubject, context: ScanContext): Observations {
  const file = parseGguf(source, context.budget);
  yield* inspectMetadata(file);
  const layout = layOutGguf(file, source.size, alignmentOf(file));
  if (file.broken === undefined) {
    yield* inspectTensors(layout, source, context);
  } else {
    const { error, offset } = file.broken;
    yield { rule: 'gguf.broken-structure', key: 'structure', message: `GGUF: ${error.message}`, at: { offset } };
    context.inconclusive(`GGUF: ${error.message}`);
  }
  declareFacts(file, layout, context);
  descendTemplates(file, context, (offset, length) => sliceSource(source, offset, length));
}

function descendTemplates(file: GgufFile, context: ScanContext, slice: (offset: number, length: number) => FileSubject['source']): void {
  for (const { key, value } of file.pairs) {
    const isTemplate = key === 'tokenizer.chat_template' || key.startsWith('tokenizer.chat_template.');
    if (isTemplate && value.type === 'string') context.descend({ name: key.slice(0, 200), source: slice(value.offset, value.length) });
  }
}

function* inspectLegacy({ source }: FileSubject, context: ScanContext): Observations {
  const file = parseLegacyGgml(source, context.budget);
  context.fact('format.version', `${file.magic} ${file.version}`);
  if (file.tensors !== undefined) context.fact('tensors', { count: file.tensors, parameters: file.parameters });
  if (file.broken === undefined) return;
  yield { rule: 'gguf.broken-structure', key: 'structure', message: `GGML: ${file.broken}` };
  context.inconclusive(`GGML: ${file.broken}`);
}
