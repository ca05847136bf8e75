/** A value that a Python literal can spell; containers keep what JavaScript would lose (tuple or list, key order). */
export type PythonValue = null | boolean | number | bigint | string | PythonBytes | PythonSequence | PythonDict;

/** `b'...'`, one UTF-16 unit a byte. */
export interface PythonBytes {
  readonly kind: 'bytes';
  readonly text: string;
}

/** `(...)`, `[...]` or `{...}` without keys. */
export interface PythonSequence {
  readonly kind: 'tuple' | 'list' | 'set';
  readonly items: readonly PythonValue[];
}

/** `{key: value}` in the order written, duplicates kept. */
export interface PythonDict {
  readonly kind: 'dict';
  readonly entries: readonly (readonly [PythonValue, PythonValue])[];
}

/** The value of a string key; the last one wins, as in Python. */
export function dictGet(dict: PythonDict, key: string): PythonValue | undefined {
  return dict.entries.findLast(([name]) => name === key)?.[1];
}

/** True for a tuple, list or set. */
export function isSequence(value: PythonValue | undefined): value is PythonSequence {
  return typeof value === 'object' && value !== null && value.kind !== 'bytes' && value.kind !== 'dict';
}

/** True for a dict. */
export function isDict(value: PythonValue | undefined): value is PythonDict {
  return typeof value === 'object' && value !== null && value.kind === 'dict';
}
