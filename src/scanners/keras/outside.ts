import type { Severity } from '../../core/severity.ts';
import { escapeOf } from '../../formats/path/escape.ts';

/** Keys whose string value a layer opens as a file. */
const OPENED =
  /^(?:vocabulary|idf_weights|vocab(?:ulary)?_(?:file|path)|vocab|merges|merges_file|proto|sentencepiece_model|handle|filepath|file_path|model_path|weights_path|checkpoint_path|saved_model_path)$/;
/** Keys of names, shapes and equations, which may contain anything. */
const NAMES =
  /^(?:name|layer_name|equation|node_def|registered_name|module|class_name|function|code|value|standardize|split|doc|docstring|description|comment|license|citation|homepage|source)$/;
const ADDRESS = /^(?:https?|ftp|s3|gs|hdfs|file|hf|smb|data|az|abfss?):\/\/\S+$/i;
const SYSTEM_PATH =
  /^(?:\/(?:etc|proc|sys|dev|home|root|tmp|var|usr|opt|mnt|srv|run|boot|Users|private)\/\S+|[A-Za-z]:[\\/]\S+|\\\\[\w.$-]+\\\S+|~\/\S+)$/;

/** How bad a string that names something outside the model is, and what it is. */
export interface Outside {
  readonly severity: Severity;
  readonly what: string;
}

/** Says whether a string of a configuration names a file or an address outside the model; undefined for all other strings. */
export function outsideOf(key: string, value: string, listed: boolean): Outside | undefined {
  if (value.length > 4096 || value.length < 2) return undefined;
  if (OPENED.test(key) && !listed) {
    const escape = escapeOf(value);
    if (escape !== undefined) return { severity: 'high', what: `which ${escape}` };
    return looksLikeFile(value) ? { severity: 'medium', what: 'a file that is not part of the model' } : undefined;
  }
  if (NAMES.test(key) || key.startsWith('vocab')) return undefined;
  if (ADDRESS.test(value)) return { severity: 'medium', what: 'an address' };
  return SYSTEM_PATH.test(value) ? { severity: 'medium', what: 'a path on the machine that loads it' } : undefined;
}

/** A name with an ending. Vocabularies and merges may also be given inline as one text, and models as base64. */
function looksLikeFile(value: string): boolean {
  return (
    /^[\w./\\ -]{1,255}$/.test(value) && (/\.\w{1,10}$/.test(value) || value.includes('/')) && !/^[A-Za-z0-9+/]{40,}={0,2}$/.test(value)
  );
}
