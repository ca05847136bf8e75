import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import { printable } from '../../core/printable.ts';
import type { ByteSource } from '../../core/source.ts';
import type { CoreMlEvent } from '../../formats/coreml/events.ts';
import { readCoreMl } from '../../formats/coreml/read.ts';
import { escapeOf } from '../../formats/path/escape.ts';
import { isManifest, manifestPaths } from './manifest.ts';
import { COREML_RULES, type CoreMlRuleId } from './rules.ts';

type Seen = Observation<CoreMlRuleId>;
/** How ML programs name the folder of the package. */
const MODEL_PATH = /^@model_path(?:\/|$)/;

/** Reads CoreML models and the manifests of their packages: custom code, and files outside of the package. */
export const coreml = fileScanner({
  id: 'coreml',
  title: 'CoreML models',
  rules: COREML_RULES,
  accepts: (subject) => subject.format === 'coreml' || isManifest(subject),
  *inspect(subject, context) {
    if (subject.format === 'coreml') yield* inspectModel(subject.source, context);
    else for (const path of manifestPaths(subject.source, context.budget)) yield* inspectPath('The manifest names', path, undefined);
  },
});

function* inspectModel(source: ByteSource, context: ScanContext): Generator<Seen> {
  let layers = 0;
  const blobs = new Set<string>();
  for (const event of readCoreMl(source, context.budget)) {
    if (event.kind === 'layer') layers++;
    else if (event.kind === 'version') context.fact('format.version', event.value);
    else if (event.kind === 'metadata') declare(event, context);
    else if (event.kind === 'custom') yield customCode(event);
    else if (event.kind === 'linked') yield* inspectPath('The model links to', event.path, event.offset);
    else if (event.kind === 'blob' && !blobs.has(event.path)) {
      if (blobs.size < 1024) blobs.add(event.path);
      yield* inspectPath('Weights are read from', event.path.replace(MODEL_PATH, ''), event.offset);
    }
  }
  context.fact('coreml', { layers, weightFiles: blobs.size });
}

function customCode({ what, className, offset }: Extract<CoreMlEvent, { kind: 'custom' }>): Seen {
  const name = printable(className).slice(0, 200);
  return {
    rule: 'coreml.custom-code',
    key: `${what} ${name}`,
    message: `A custom ${what} runs the class "${name}" of the application.`,
    at: { offset },
    evidence: { class: name },
  };
}

function* inspectPath(what: string, path: string, offset: number | undefined): Generator<Seen> {
  const escape = escapeOf(path);
  if (escape === undefined) return;
  const shown = printable(path).slice(0, 200);
  yield {
    rule: 'coreml.external-path',
    key: shown,
    message: `${what} "${shown}", which ${escape}.`,
    ...(offset === undefined ? {} : { at: { offset } }),
    evidence: { path: shown },
  };
}

function declare({ key, value }: Extract<CoreMlEvent, { kind: 'metadata' }>, context: ScanContext): void {
  const name = key === 'licence' ? 'licence' : `coreml.${key}`;
  context.fact(name, printable(value).slice(0, 200), 'declared');
}
