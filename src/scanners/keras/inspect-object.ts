import type { Observation } from '../../core/finding.ts';
import { classifyReference } from './classify-reference.ts';
import { codeTexts, summariseText } from './code.ts';
import { reachingOperator } from './operators.ts';
import type { KerasRuleId } from './rules.ts';
import type { JsonObject } from './walk.ts';

type KerasObservation = Observation<KerasRuleId>;

/** Data that Keras writes as objects: tensors, bytes, slices. No code is looked up for them. */
const DATA = /^__(?:keras_tensor|tensor|numpy|bytes|ellipsis|slice|tuple|set|dict|list|none|complex|dtype|TensorShape)__$/i;
/** Classes of the SavedModel metadata that stand for whatever the program registers, or else for a generic object. */
const GENERIC = /^_generic_\w+$/;

/** What is wrong with one Keras object: the class or function it names, and what it carries. */
export function* inspectObject(object: JsonObject, place: string, fromSavedModel: boolean): Generator<KerasObservation> {
  const className = text(object['class_name']);
  if (className === undefined) return;
  const config = object['config'];
  const where = place === '' ? '' : ` (layer ${JSON.stringify(place)})`;
  const bare = className.slice(className.lastIndexOf('>') + 1);
  if (className === '__lambda__') {
    yield lambda(codeTexts(object), className, where);
  } else if (className === '__typespec__') {
    yield* typeSpec(object, where);
  } else if (className === 'function') {
    const name = text(config) ?? text(object['registered_name']) ?? '';
    yield* reference(object, 'function', name, where, fromSavedModel);
  } else if (!DATA.test(className) && !GENERIC.test(className)) {
    const code = codeTexts(object);
    if (code.length > 0) yield lambda(code, className, where);
    else yield* reference(object, 'class', className, where, fromSavedModel);
    const operator = reachingOperator(bare, config);
    if (operator !== undefined) {
      yield {
        rule: 'keras.tensorflow-operator',
        key: operator,
        message: `A ${bare} layer wraps the TensorFlow operator ${JSON.stringify(operator)}${where}.`,
        evidence: { operator },
      };
    }
  }
}

function* reference(
  object: JsonObject,
  kind: 'class' | 'function',
  name: string,
  where: string,
  fromSavedModel: boolean,
): Generator<KerasObservation> {
  const module = text(object['module']);
  const suspicion = classifyReference({ kind, module, name, registeredName: text(object['registered_name']) });
  if (suspicion === undefined) return;
  // Why: TensorFlow restores subclassed models from their graph and only names their class here; nothing is looked up by it.
  if (fromSavedModel && suspicion.rule === 'keras.custom-object') return;
  const full = module === undefined ? name : `${module}.${name}`;
  yield {
    rule: suspicion.rule,
    key: full.slice(0, 200),
    ...(suspicion.severity === undefined ? {} : { severity: suspicion.severity }),
    message: `The ${kind} ${JSON.stringify(full.slice(0, 200))} ${suspicion.what}${where}.`,
    evidence: { reference: full.slice(0, 200) },
  };
}

function lambda(texts: readonly string[], className: string, where: string): KerasObservation {
  const summaries = texts.map(summariseText).filter((summary) => summary !== undefined);
  const names = [...new Set(summaries.flatMap((summary) => summary.names))];
  const strings = [...new Set(summaries.flatMap((summary) => summary.strings))].map((string) => string.slice(0, 80));
  const uses = names.length === 0 ? '' : ` that uses ${names.slice(0, 8).join(', ')}`;
  return {
    rule: 'keras.lambda',
    key: names.length === 0 ? className : names.slice(0, 20).join(' '),
    message: `A Lambda carries Python byte code${uses}${where}.`,
    evidence: { names: names.slice(0, 50), strings: strings.slice(0, 20) },
  };
}

/** Type specifications of TensorFlow itself are data; any other class would be called with arguments from the file. */
function* typeSpec(object: JsonObject, where: string): Generator<KerasObservation> {
  const module = text(object['module']) ?? '';
  const name = text(object['spec_name']) ?? '';
  if (/^tensorflow\.python\.[\w.]+$/.test(module) && /^[A-Z]\w*Spec$/.test(name)) return;
  yield {
    rule: 'keras.type-spec',
    key: `${module}.${name}`.slice(0, 200),
    message: `A type specification names ${JSON.stringify(`${module}.${name}`.slice(0, 200))}, which is not one of TensorFlow’s${where}.`,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
