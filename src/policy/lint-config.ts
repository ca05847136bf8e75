import type { Config } from '../core/config.ts';
import { BUILTIN_GATES } from '../core/config.ts';
import { CordonError, errorMessage } from '../core/errors.ts';
import { BUILTIN_GATE_CONFIGS } from './builtin-gates.ts';
import { compileGate, type CelGate } from './cel/gate.ts';
import { comparedLiterals } from './cel/literals.ts';
import { closestWord } from './config/closest-word.ts';
import { resolveGate } from './gates.ts';

/** Compiles every gate of a configuration; throws `config.invalid` with the problems of all of them. */
export function compileAllGates(config: Pick<Config, 'gates'>): readonly CelGate[] {
  const problems: string[] = [];
  const gates = Object.keys(config.gates).flatMap((name) => {
    try {
      return [compileGate(resolveGate(name, config))];
    } catch (error) {
      problems.push(errorMessage(error));
      return [];
    }
  });
  if (problems.length > 0) throw new CordonError('config.invalid', problems.join('\n'));
  return gates;
}

/** What is valid in a configuration and yet is hardly meant: rules that do not exist, built-in protection that is dropped. */
export function lintConfig(config: Config, gates: readonly CelGate[], rules: Iterable<string>): readonly string[] {
  const known = [...rules];
  const warnings: string[] = [];
  for (const name of BUILTIN_GATES) {
    const written = config.gates[name];
    if (written === undefined || written.extends !== undefined) continue;
    const dropped = [...BUILTIN_GATE_CONFIGS[name].deny, ...BUILTIN_GATE_CONFIGS[name].warn].map(({ id }) => id);
    warnings.push(`gates.${name} replaces the built-in gate (${dropped.join(', ')}); add "extends: ${name}" to keep its entries`);
  }
  for (const { gate, entries } of gates) {
    for (const entry of entries) {
      for (const { field, literal } of comparedLiterals(entry.condition.ast)) {
        const problem = field === 'rule' ? unknownRule(literal, known) : undefined;
        if (problem !== undefined) warnings.push(`gates.${gate.name}: ${entry.id}: ${problem}`);
      }
    }
  }
  for (const { id, rule } of config.waivers) {
    const problem = unknownRule(rule, known);
    if (problem !== undefined) warnings.push(`waivers: ${id}: ${problem}`);
  }
  for (const rule of config.waiverPolicy.forbid) {
    const problem = unknownRule(rule, known);
    if (problem !== undefined) warnings.push(`waiverPolicy.forbid: ${problem}`);
  }
  return warnings;
}

function unknownRule(pattern: string, known: readonly string[]): string | undefined {
  const exists =
    pattern === '*' || known.some((rule) => (pattern.endsWith('.*') ? rule.startsWith(pattern.slice(0, -1)) : rule === pattern));
  if (exists) return undefined;
  const meant = closestWord(pattern, known);
  return `there is no rule ${JSON.stringify(pattern)}${meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`}`;
}
