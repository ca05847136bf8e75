import { CordonError } from '../../core/errors.ts';
import { treeScanner } from '../../core/plugin.ts';
import { parseYaml } from '../../formats/yaml/parse.ts';
import { effectOf, logicalLines } from './lines.ts';
import { REQUIREMENTS_RULES } from './rules.ts';

/** Files by which a folder is known to be a model, whose requirements a serving tool installs. */
const MODEL_FILE =
  /^(?:MLmodel|config\.json|model_index\.json|modules\.json|tokenizer_config\.json|MANIFEST\.json|[^/]+\.(?:mar|safetensors|gguf))$/;
const REQUIREMENTS = /^requirements[\w.-]*\.txt$/i;
const ENVIRONMENT = /^(?:conda|environment|python_env)\.ya?ml$/i;

/** What installing the requirements of a model would fetch from elsewhere. A Python project's own are none of its business. */
export const requirementsScanner = treeScanner({
  id: 'requirements',
  title: 'Requirements of models',
  rules: REQUIREMENTS_RULES,
  accepts: (tree) => tree.entries.some(({ path }) => REQUIREMENTS.test(nameOf(path)) || ENVIRONMENT.test(nameOf(path))),
  *inspect(tree, context) {
    const models = new Set(tree.entries.filter(({ path }) => MODEL_FILE.test(nameOf(path))).map(({ path }) => folderOf(path)));
    for (const { path } of tree.entries) {
      const name = nameOf(path);
      if (!models.has(folderOf(path)) || !(REQUIREMENTS.test(name) || ENVIRONMENT.test(name))) continue;
      const text = tree.text(path);
      if (text === undefined) context.inconclusive(`${path} could not be read`);
      const lines: { text: string; line?: number }[] = REQUIREMENTS.test(name) ? logicalLines(text ?? '') : pipEntries(text ?? '');
      for (const { text: requirement, line } of lines) {
        const effect = effectOf(requirement);
        if (effect === undefined) continue;
        const shown = withoutSecrets(requirement).slice(0, 200);
        yield {
          rule: `requirements.${effect}` as const,
          key: shown,
          message: `${name} has: ${shown}`,
          at: { path, ...(line !== undefined && { line }) },
          evidence: { requirement: shown },
        };
      }
    }
  },
});

/** The entries that conda and MLflow hand to pip. */
function pipEntries(text: string): { text: string }[] {
  try {
    const found: string[] = [];
    const queue: unknown[] = [parseYaml(text)];
    for (let item = queue.pop(); item !== undefined && found.length < 10_000; item = queue.pop()) {
      if (typeof item === 'string') found.push(item);
      else if (Array.isArray(item)) queue.push(...(item as unknown[]));
      else if (item !== null && typeof item === 'object') {
        for (const [key, child] of Object.entries(item)) if (/^(?:dependencies|pip|build_dependencies)$/.test(key)) queue.push(child ?? '');
      }
    }
    return found.map((one) => ({ text: one.trim() })).toReversed();
  } catch (error) {
    if (error instanceof CordonError) return [];
    throw error;
  }
}

/** An address without its user name and password. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/\/\/[^/@\s]*@/g, '//');
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
