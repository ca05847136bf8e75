import { CordonError } from '../../core/errors.ts';
import type { Observation } from '../../core/finding.ts';
import { fileScanner } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import { readAll, utf8 } from '../../formats/bytes/read.ts';
import { parseJson } from '../../formats/json/parse.ts';
import { MAX_YAML_CHARACTERS, outlineYaml } from '../../formats/yaml/parse.ts';
import { classifyTarget } from '../../patterns/instantiate/classify.ts';
import { pythonTagSeverity } from '../../patterns/instantiate/python-tag.ts';
import { findInText, findTargets, isTargetKey, mayInstantiate } from '../../patterns/instantiate/targets.ts';
import { INSTANTIATE_RULES } from './rules.ts';

type RuleId = (typeof INSTANTIATE_RULES)[number]['id'];

const NAME = /\.(?:ya?ml|json)$|(?:^|\/)(?:MLmodel$|hparams)/i;
/** Configurations that a library instantiates while it loads a model; any other YAML may be a training project's own. */
const LOADED_WITH_MODEL = /(?:^|\/)(?:model_config|hparams|adapter_config|config)\.(?:ya?ml|json)$/i;
/** `target:` (latent diffusion, NeMo) is an everyday word: only names that cannot be anything else count. */
const RUNS_CODE = /^(?:os|posix|subprocess|builtins|runpy|importlib|pty|ctypes|pickle|shutil|marshal)\.[a-z_]\w*$/;

interface Named {
  readonly name: string;
  readonly line?: number;
}

/** Names that a configuration makes a library import and call: Hydra `_target_`, `class_path`, `!!python/` tags. */
export const instantiateScanner = fileScanner({
  id: 'instantiate',
  title: 'Callables named in configurations',
  rules: INSTANTIATE_RULES,
  accepts: (subject) => NAME.test(subject.name) && (subject.format === 'json' || subject.format === 'text' || subject.format === 'unknown'),
  *inspect(subject, context) {
    const bytes = readAll(subject.source, context.budget);
    if (!mayInstantiate(bytes)) return;
    const { targets, tags } = /\.json$/i.test(subject.name) ? fromJson(bytes) : fromYaml(utf8(bytes));
    yield* reportTargets(subject, targets);
    yield* reportTags(tags);
  },
});

function fromJson(bytes: Uint8Array): { targets: Named[]; tags: Named[] } {
  try {
    return { targets: findTargets(parseJson(bytes, { nonFinite: true }).value), tags: [] };
  } catch (error) {
    // Why: what is no strict JSON may still be read by a lenient loader.
    if (!(error instanceof CordonError)) throw error;
    return { targets: findInText(utf8(bytes)).targets, tags: [] };
  }
}

function fromYaml(text: string): { targets: Named[]; tags: Named[] } {
  const plain = findInText(text);
  const fallback = { targets: plain.targets, tags: plain.tags.map((name) => ({ name })) };
  if (text.length > MAX_YAML_CHARACTERS) return fallback;
  try {
    const outline = outlineYaml(text);
    const targets = outline.pairs
      .filter(({ key, text: name }) => isTargetKey(key) || (key === 'target' && RUNS_CODE.test(name)))
      .map(({ text: name, line }) => ({ name, line }));
    const tags = outline.tags.map(({ tag: name, line }) => ({ name, line }));
    // Why: PyYAML reads some of what this parser rejects, so on errors what the text shows counts too.
    return outline.errors === 0 ? { targets, tags } : { targets: [...targets, ...fallback.targets], tags: [...tags, ...fallback.tags] };
  } catch (error) {
    if (!(error instanceof CordonError)) throw error;
    return fallback;
  }
}

function* reportTargets(subject: FileSubject, targets: readonly Named[]): Generator<Observation<RuleId>> {
  const unknown = new Set<string>();
  for (const { name, line } of distinct(targets)) {
    const kind = classifyTarget(name);
    if (kind === 'unknown') unknown.add(name);
    if (kind !== 'dangerous') continue;
    yield {
      rule: 'instantiate.dangerous-target',
      key: name,
      message: `${subject.name} makes a loader call ${name}.`,
      ...(line !== undefined && { at: { line } }),
      evidence: { target: name },
    };
  }
  if (unknown.size === 0) return;
  const names = [...unknown].toSorted();
  const listed = names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
  yield {
    rule: 'instantiate.unknown-target',
    severity: subject.members.length > 0 || LOADED_WITH_MODEL.test(subject.name) ? 'medium' : 'low',
    key: names.slice(0, 20).join(' '),
    message: `${subject.name} makes a loader call ${listed}.`,
    evidence: { targets: names.slice(0, 50) },
  };
}

function* reportTags(tags: readonly Named[]): Generator<Observation<RuleId>> {
  for (const { name, line } of distinct(tags)) {
    const severity = pythonTagSeverity(name);
    if (severity === undefined) continue;
    yield {
      rule: 'instantiate.python-tag',
      severity,
      key: name,
      message: `The tag !!${name} makes an unsafe loader build a Python object.`,
      ...(line !== undefined && { at: { line } }),
      evidence: { tag: name },
    };
  }
}

/** Each name once; at most 200, which is far more than a report can use. */
function distinct(named: readonly Named[]): Named[] {
  const first = new Map<string, Named>();
  for (const one of named) if (!first.has(one.name)) first.set(one.name, one);
  return [...first.values()].slice(0, 200);
}
