import type { Json } from '../core/artifact.ts';
import type { Observation } from '../core/finding.ts';
import { judgeImports } from './pickle/judge-imports.ts';
import { judgeSinks } from './python-code/judge-sinks.ts';

/**
 * Rules over stored facts: what a scanner would say today of what an earlier one wrote down. They reach everything stored without
 * reading a byte. By the name of the measured fact.
 */
export const FACT_JUDGES: ReadonlyMap<string, (value: Json) => Iterable<Observation>> = new Map([
  ['pickle.imports', judgeImports],
  ['python.sinks', judgeSinks],
]);
