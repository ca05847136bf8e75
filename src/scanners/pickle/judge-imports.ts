import type { Json } from '../../core/artifact.ts';
import type { Observation } from '../../core/finding.ts';
import { classify } from './classify.ts';

/**
 * What the names that a pickle imports mean today, from the stored fact `pickle.imports` alone. Only what is dangerous to name at all:
 * what else a name may do depends on how it is called, which the fact does not say.
 */
export function* judgeImports(value: Json): Generator<Observation> {
  if (!Array.isArray(value)) return;
  for (const name of value) {
    if (typeof name !== 'string') continue;
    const dot = name.lastIndexOf('.');
    const sort = dot < 0 ? undefined : classify({ kind: 'global', module: name.slice(0, dot), name: name.slice(dot + 1) });
    if (sort === 'danger') yield { rule: 'pickle.dangerous-reference', key: name, message: `imports ${name}` };
    else if (sort === 'code') yield { rule: 'pickle.code-object', key: name, message: `imports ${name}`, severity: 'high' };
  }
}
