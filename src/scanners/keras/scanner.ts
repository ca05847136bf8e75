import { CordonError } from '../../core/errors.ts';
import type { Observation } from '../../core/finding.ts';
import { fileScanner, type ScanContext } from '../../core/plugin.ts';
import type { FileSubject } from '../../core/subject.ts';
import { readAll } from '../../formats/bytes/read.ts';
import { bufferSource } from '../../formats/bytes/source.ts';
import { type JsonDocument, parseJson } from '../../formats/json/parse.ts';
import { codeTexts, fromBase64, isCodeText } from './code.ts';
import { ArchitectureFacts } from './facts.ts';
import { inspectObject } from './inspect-object.ts';
import { isHandedOver, isKerasConfig, isKerasObject } from './is-config.ts';
import { outsideOf } from './outside.ts';
import { KERAS_RULES, type KerasRuleId } from './rules.ts';
import { beginsLikeJsonObject, jsonBytes, mentionsClassName } from './text.ts';
import { walkConfig } from './walk.ts';

/** Why: models nest models, each of them half a dozen levels deep. Python gives up near 1,000. */
const MAX_DEPTH = 1000;

/** Reads Keras configurations wherever they are: in `.keras` archives, HDF5 attributes, SavedModel metadata, JSON files. */
export const kerasScanner = fileScanner({
  id: 'keras',
  title: 'Keras model configurations',
  rules: KERAS_RULES,
  accepts: ({ head, format, opaque }) =>
    !opaque && (format === 'json' || format === 'text' || format === 'unknown') && beginsLikeJsonObject(head),
  inspect: inspectConfig,
});

function* inspectConfig(subject: FileSubject, context: ScanContext): Generator<Observation<KerasRuleId>> {
  if (subject.format !== 'json' && subject.members.length === 0) return;
  const bytes = jsonBytes(readAll(subject.source, context.budget));
  const metadata = subject.name === 'metadata.json' && subject.members.length > 0;
  if (!metadata && !mentionsClassName(bytes)) return;
  const parsed = parse(bytes, subject);
  if (parsed === undefined) return;
  const { value: root, duplicates } = parsed;
  const facts = new ArchitectureFacts();
  if (metadata) return facts.record(root, context);
  if (!isKerasConfig(root, subject, context.budget)) return;
  for (const { key, offset } of duplicates.slice(0, 20)) {
    yield { rule: 'keras.duplicate-key', key, message: `The key ${JSON.stringify(key)} occurs twice in one object.`, at: { offset } };
  }
  const fromSavedModel = subject.name.startsWith('keras_metadata/');
  const seen = new Set<string>();
  const reported = new Set<string>();
  for (const visit of walkConfig(root, context.budget)) {
    if (visit.kind === 'string' && reported.has(visit.value)) continue;
    const found = visit.kind === 'string' ? inspectString(visit, context) : inspectKerasObject(visit.object, visit.place);
    for (const observation of found) {
      // One finding for each thing named, however many layers name it.
      const identity = `${observation.rule} ${observation.key}`;
      if (seen.has(identity)) continue;
      seen.add(identity);
      yield observation;
    }
  }
  facts.record(root, context);

  function* inspectKerasObject(object: Parameters<typeof inspectObject>[0], place: string): Generator<Observation<KerasRuleId>> {
    if (!isKerasObject(object)) return;
    facts.add(object);
    const code = codeTexts(object);
    // A Lambda layer holds its lambda as an object of its own.
    if (object['class_name'] === '__lambda__' && code.length > 0 && code.every((text) => reported.has(text))) return;
    for (const text of code) reported.add(text);
    yield* inspectObject(object, place, fromSavedModel);
  }
}

/** Broken JSON in a place where Keras reads it is an error; elsewhere it is no configuration. */
function parse(bytes: Uint8Array, subject: FileSubject): JsonDocument | undefined {
  try {
    return parseJson(bytes, { depth: MAX_DEPTH, nonFinite: true });
  } catch (error) {
    if (!(error instanceof CordonError) || isHandedOver(subject)) throw error;
    return undefined;
  }
}

function* inspectString(
  { key, value, place, listed }: { key: string; value: string; place: string; listed: boolean },
  context: ScanContext,
): Generator<Observation<KerasRuleId>> {
  const where = place === '' ? '' : ` (layer ${JSON.stringify(place)})`;
  const outside = outsideOf(key, value, listed);
  if (outside !== undefined) {
    yield {
      rule: 'keras.external-file',
      severity: outside.severity,
      key: `${key} ${value}`.slice(0, 200),
      message: `${JSON.stringify(key)} names ${JSON.stringify(value.slice(0, 200))}, ${outside.what}${where}.`,
      evidence: { value: value.slice(0, 200) },
    };
  }
  if (value.length < 24) return;
  if (isCodeText(value)) {
    yield { rule: 'keras.lambda', key: `code in ${key}`, message: `${JSON.stringify(key)} holds marshalled Python byte code${where}.` };
  } else if (/^(?:gA[IMQU]|UEsDB)/.test(value)) {
    const payload = fromBase64(value);
    if (payload !== undefined) context.descend({ name: key, source: bufferSource(payload) });
  }
}
