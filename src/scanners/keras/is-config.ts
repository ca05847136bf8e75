import type { Json } from '../../core/artifact.ts';
import type { Budget } from '../../core/budget.ts';
import type { FileSubject } from '../../core/subject.ts';
import { KERAS_CLASSES } from './builtin-names.ts';
import { isObject, type JsonObject, walkConfig } from './walk.ts';

const SPECIAL = /^(?:function|Lambda|TorchModuleWrapper|TFSMLayer|KerasLayer|__\w+__)$/;
/** Names under which containers hand a configuration over. */
const HANDED_OVER = /^(?:config\.json|(?:.*\/)?attrs\/(?:model_config|training_config|layer_config)|keras_metadata\/.*)$/;

/** True for an object that Keras would rebuild something from. */
export function isKerasObject(object: JsonObject): boolean {
  return typeof object['class_name'] === 'string' && ('config' in object || 'module' in object || 'registered_name' in object);
}

/** True for a member that a container hands over as a configuration, so that it has to be readable. */
export function isHandedOver({ members, name }: FileSubject): boolean {
  return members.length > 0 && HANDED_OVER.test(name);
}

/**
 * True when a JSON text is a Keras configuration by its structure. Other tools write `class_name` too, so a file by itself
 * also has to show something of Keras.
 */
export function isKerasConfig(root: Json, subject: FileSubject, budget: Budget): boolean {
  const handedOver = isHandedOver(subject);
  for (const visit of walkConfig(root, budget)) {
    if (visit.kind !== 'object' || !isKerasObject(visit.object)) continue;
    if (handedOver || showsKeras(visit.object)) return true;
  }
  return isObject(root) && typeof root['keras_version'] === 'string' && 'backend' in root;
}

function showsKeras({ class_name: name, module }: JsonObject): boolean {
  if (typeof module === 'string' && /(?:^|\.)(?:tf_)?keras(?:_hub|_nlp|_cv)?(?:\.|$)/.test(module)) return true;
  return typeof name === 'string' && (SPECIAL.test(name) || KERAS_CLASSES.has(name.replace(/^Custom>/, '')));
}
