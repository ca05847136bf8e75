import type { Observation } from '../../core/finding.ts';
import { fileScanner } from '../../core/plugin.ts';
import { printable } from '../../core/printable.ts';
import { escapeOf } from '../../formats/path/escape.ts';
import { associatedFiles } from '../../formats/tflite/associated.ts';
import { TfliteModel } from '../../formats/tflite/model.ts';
import { customStanding } from './operators.ts';
import { TFLITE_RULES, type TfliteRuleId } from './rules.ts';
import { inspectSubgraphs } from './subgraphs.ts';

type Seen = Observation<TfliteRuleId>;

/** Reads TensorFlow Lite models: custom operators, and every number and offset that the interpreter follows. */
export const tflite = fileScanner({
  id: 'tflite',
  title: 'TensorFlow Lite models',
  rules: TFLITE_RULES,
  accepts: (subject) => subject.format === 'tflite',
  *inspect({ source }, context) {
    const model = new TfliteModel(source, context.budget);
    yield* customOperators(model);
    yield* externalGroups(model);
    yield* buffers(model);
    const totals = yield* inspectSubgraphs(model, source.size);
    const associated = associatedFiles(source, context.budget);
    if (associated !== undefined) context.descend({ name: 'associated-files.zip', source: associated });
    context.fact('format.version', model.version);
    context.fact('tflite', {
      subgraphs: model.subgraphCount,
      operators: model.opcodes.length,
      metadata: model.metadata.map(({ name }) => printable(name).slice(0, 80)).slice(0, 16),
    });
    context.fact('tensors', { count: totals.count, parameters: totals.parameters, dtypes: totals.dtypes });
    if (model.description) context.fact('producer', printable(model.description).slice(0, 200), 'declared');
  },
});

function* customOperators({ opcodes }: TfliteModel): Generator<Seen> {
  const names = new Set(opcodes.map((opcode) => opcode.custom ?? '').filter((name) => name !== ''));
  for (const name of names) {
    const shown = printable(name).slice(0, 100);
    const standing = customStanding(name);
    const evidence = { operator: shown };
    if (standing === 'dangerous') {
      yield {
        rule: 'tflite.dangerous-operator',
        key: shown,
        message: `The model runs the TensorFlow operator ${shown.slice(4)} through the Flex delegate.`,
        evidence,
      };
    } else if (standing === 'unknown') {
      yield { rule: 'tflite.custom-operator', key: shown, message: `The model calls the custom operator "${shown}".`, evidence };
    }
  }
}

function* externalGroups({ externalGroups: groups }: TfliteModel): Generator<Seen> {
  for (const group of groups) {
    const escape = escapeOf(group);
    const shown = printable(group).slice(0, 200);
    if (escape !== undefined) {
      yield {
        rule: 'tflite.external-path',
        key: shown,
        message: `Buffers are read from "${shown}", which ${escape}.`,
        evidence: { path: shown },
      };
    }
  }
}

function* buffers({ buffers: all, metadata }: TfliteModel): Generator<Seen> {
  const outside = all.findIndex((buffer) => !buffer.inside);
  if (outside >= 0) {
    yield { rule: 'tflite.bounds', key: 'buffer', message: `Buffer ${outside} lies outside of the file.`, evidence: { buffer: outside } };
  }
  const entry = metadata.find(({ buffer }) => buffer >= all.length);
  if (entry !== undefined) {
    yield {
      rule: 'tflite.bounds',
      key: 'metadata',
      message: `Metadata "${printable(entry.name).slice(0, 80)}" names buffer ${entry.buffer}, there are ${all.length}.`,
    };
  }
}
