import type { Observation } from '../../core/finding.ts';
import { fileScanner } from '../../core/plugin.ts';
import { readAll, utf8 } from '../../formats/bytes/read.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { classifyTarget } from '../../patterns/instantiate/classify.ts';
import { escapes, ModelFile, pathsOf } from './model-file.ts';
import { MLFLOW_RULES } from './rules.ts';

type MlflowObservation = Observation<(typeof MLFLOW_RULES)[number]['id']>;

/** What an MLflow model folder loads and runs, as its `MLmodel` file says. */
export const mlflowScanner = fileScanner({
  id: 'mlflow',
  title: 'MLflow models',
  rules: MLFLOW_RULES,
  accepts: (subject) => /(?:^|\/)MLmodel$/.test(subject.name) && subject.format !== 'empty' && subject.format !== 'lfs-pointer',
  *inspect(subject, context) {
    const content = parseYaml(utf8(readAll(subject.source, context.budget)));
    const parsed = ModelFile.safeParse(content);
    if (!parsed.success) return;
    const file = parsed.data;
    const pyfunc = file.flavors['python_function'] ?? {};
    context.fact('mlflow.flavors', Object.keys(file.flavors).slice(0, 50), 'declared');
    const version = (content as { mlflow_version?: unknown }).mlflow_version;
    if (typeof version === 'string') context.fact('format.version', `MLflow ${version.slice(0, 20)}`, 'declared');
    const loader = textOf(pyfunc['loader_module']);
    if (loader !== undefined && !/^mlflow(?:\.[A-Za-z]\w*)+$/.test(loader)) {
      yield { rule: 'mlflow.foreign-loader', key: loader, message: `loader_module is ${loader}.`, evidence: { loader } };
    }
    const folders = foldersOf(file);
    // Why the last part: MLflow keeps the path on the author's machine and opens the file of that name in the model folder.
    const files = distinct(Object.values(file.flavors).map((flavor) => textOf(flavor?.['model_code_path'])?.split(/[/\\]/).at(-1)));
    if (folders.length + files.length > 0) {
      context.fact('mlflow.code', { loader: loader ?? null, folders, files });
      const listed = [...folders, ...files].join(', ');
      yield { rule: 'mlflow.shipped-code', key: listed, message: `Loading the model runs code from ${listed}.` };
    } else if (loader !== undefined && !loader.startsWith('mlflow.')) {
      context.fact('mlflow.code', { loader, folders: [''], files: [] });
    }
    for (const { key, path } of pathsOf(file)) {
      if (escapes(path))
        yield { rule: 'mlflow.path-escape', key: `${key}=${path}`, message: `${key} is ${path}.`, evidence: { key, path } };
    }
    yield* trustedTypes(file);
  },
});

function* trustedTypes(file: ModelFile): Generator<MlflowObservation> {
  const types = Object.values(file.flavors).flatMap((flavor) => flavor?.['skops_trusted_types'] ?? []);
  for (const type of new Set(types.filter((one) => typeof one === 'string').slice(0, 1_000))) {
    const kind = classifyTarget(type);
    if (kind === 'ordinary') continue;
    yield {
      rule: 'mlflow.trusted-types',
      ...(kind === 'dangerous' && { severity: 'critical' as const }),
      key: type,
      message: `The model asks to trust ${type}.`,
      evidence: { type },
    };
  }
}

/** Folders that flavours put on the import path. */
function foldersOf(file: ModelFile): string[] {
  return distinct(Object.values(file.flavors).map((flavor) => textOf(flavor?.['code'])));
}

function distinct(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined))].slice(0, 100);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 300) : undefined;
}
