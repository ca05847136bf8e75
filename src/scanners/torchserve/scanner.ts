import * as z from 'zod';
import { fileScanner } from '../../core/plugin.ts';
import { readAll } from '../../formats/bytes/read.ts';
import { parseJson } from '../../formats/json/parse.ts';
import { TORCHSERVE_RULES } from './rules.ts';

const Text = z.string().optional().catch(undefined);
const Manifest = z.object({
  model: z.object({
    modelName: Text,
    serializedFile: Text,
    handler: Text,
    modelFile: Text,
    requirementsFile: Text,
    configFile: Text,
    extraFiles: Text,
  }),
});

/** Handlers that TorchServe itself has. */
const BUILT_IN = new Set([
  'image_classifier',
  'image_segmenter',
  'object_detector',
  'text_classifier',
  'base_handler',
  'vision_handler',
  'text_handler',
]);

/** The manifest of a TorchServe model archive: which files the server runs. `python-code` says what they do. */
export const torchserveScanner = fileScanner({
  id: 'torchserve',
  title: 'TorchServe model archives',
  rules: TORCHSERVE_RULES,
  accepts: (subject) => subject.format === 'json' && /(?:^|\/)MAR-INF\/MANIFEST\.json$/.test([subject.path, ...subject.members].at(-1)!),
  *inspect(subject, context) {
    const parsed = Manifest.safeParse(parseJson(readAll(subject.source, context.budget)).value);
    if (!parsed.success) return;
    const { model } = parsed.data;
    if (model.modelName !== undefined) context.fact('model.name', model.modelName.slice(0, 200), 'declared');
    const { handler } = model;
    if (handler !== undefined && !BUILT_IN.has(handler)) {
      yield { rule: 'torchserve.custom-handler', key: handler, message: `The handler is ${handler}.`, evidence: { handler } };
    }
    for (const [key, value] of Object.entries(model)) {
      for (const path of key === 'modelName' || value === undefined ? [] : value.split(',')) {
        if (!escapes(path.trim())) continue;
        yield { rule: 'torchserve.path-escape', key: `${key}=${path}`, message: `${key} is ${path}.`, evidence: { key, path } };
      }
    }
  },
});

function escapes(path: string): boolean {
  return /^(?:[/\\~]|[A-Za-z]:[/\\])/.test(path) || /^[a-z][a-z0-9+.-]*:\/\//i.test(path) || path.split(/[/\\]/).includes('..');
}
