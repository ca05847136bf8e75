import { BUILTIN_GATES, type BuiltinGate, type Config, type GateConfig, type GateEntry } from '../core/config.ts';
import { CordonError } from '../core/errors.ts';
import { BUILTIN_GATE_CONFIGS } from './builtin-gates.ts';
import { closestWord } from './config/closest-word.ts';

/** A gate with everything it extends filled in. */
export interface ResolvedGate {
  readonly name: string;
  readonly deny: readonly GateEntry[];
  readonly warn: readonly GateEntry[];
  readonly allowIncomplete: boolean;
}

/** The gate of this name: from the configuration, else built in. Throws `config.invalid` for a name that is neither. */
export function resolveGate(name: string, config: Pick<Config, 'gates'>): ResolvedGate {
  const written = Object.hasOwn(config.gates, name) ? config.gates[name] : undefined;
  if (written !== undefined) return resolve(name, written);
  if (isBuiltin(name)) return resolve(name, BUILTIN_GATE_CONFIGS[name]);
  const known = [...new Set([...BUILTIN_GATES, ...Object.keys(config.gates)])];
  const meant = closestWord(name, known);
  const hint = meant === undefined ? `known gates: ${known.join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
  throw new CordonError('config.invalid', `there is no gate ${JSON.stringify(name)}; ${hint}`);
}

function resolve(name: string, gate: GateConfig): ResolvedGate {
  const base = gate.extends === undefined ? undefined : BUILTIN_GATE_CONFIGS[gate.extends];
  // An entry replaces the one with its id wherever that stands, so that a deny can become a warn and back.
  const replaced = new Set([...gate.deny, ...gate.warn].map((entry) => entry.id));
  const kept = (entries: readonly GateEntry[] = []): GateEntry[] => entries.filter((entry) => !replaced.has(entry.id));
  return {
    name,
    deny: [...kept(base?.deny), ...gate.deny],
    warn: [...kept(base?.warn), ...gate.warn],
    allowIncomplete: gate.allowIncomplete ?? base?.allowIncomplete ?? false,
  };
}

function isBuiltin(name: string): name is BuiltinGate {
  return (BUILTIN_GATES as readonly string[]).includes(name);
}
