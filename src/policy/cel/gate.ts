import type { Environment } from '@marcbachmann/cel-js';
import type { Decision, Reason } from '../../core/decision.ts';
import { errorMessage } from '../../core/errors.ts';
import { printable } from '../../core/printable.ts';
import { digestOf } from '../digest-of.ts';
import { toDecision } from '../decision.ts';
import type { ResolvedGate } from '../gates.ts';
import type { PolicyInput } from '../input-document.ts';
import { type Activation, activation } from './activation.ts';
import { type CompiledEntry, compileEntry } from './compile.ts';
import { estimateCost, MAX_COST } from './cost.ts';
import { typedEnvironment, untypedEnvironment } from './environment.ts';
import { explain } from './explain.ts';
import { displayValue } from './format-value.ts';
import { type PartCache, Tracer } from './trace.ts';

/** A gate whose conditions are parsed and checked: decides any number of inputs. */
export interface CelGate {
  readonly gate: ResolvedGate;
  readonly entries: readonly CompiledEntry[];
  /** sha256 of the gate as resolved. */
  readonly digest: string;
  readonly environment: Environment;
  readonly parts: PartCache;
}

/** Parses and checks all conditions and messages of a gate. Throws `config.invalid`. */
export function compileGate(gate: ResolvedGate): CelGate {
  const environment = typedEnvironment();
  const compile = (effect: 'deny' | 'warn'): CompiledEntry[] =>
    gate[effect].map((entry) => compileEntry(entry, effect, environment, `gates.${gate.name}.${effect}.${entry.id}`));
  return {
    gate,
    entries: [...compile('deny'), ...compile('warn')],
    digest: digestOf({ engine: 'cel', ...gate }),
    environment: untypedEnvironment(),
    parts: new WeakMap(),
  };
}

/** Decides: pure, so that the same gate and input give the same bytes. An entry that cannot be evaluated denies. */
export function decide(compiled: CelGate, input: PolicyInput): Decision {
  const values = activation(input);
  const tracer = new Tracer(values, compiled.environment, compiled.parts);
  const reasons = compiled.entries.flatMap((entry) => judge(entry, values, input, tracer));
  const { allowIncomplete } = compiled.gate;
  return toDecision({ engine: 'cel', policy: compiled.digest, allowIncomplete, reasons }, input);
}

function judge(entry: CompiledEntry, values: Activation, input: PolicyInput, tracer: Tracer): Reason[] {
  const cost = entry.costly.reduce((sum, part) => sum + estimateCost(part, input), 0);
  if (cost > MAX_COST) return [failure(entry, `it would take up to ${cost} steps on this input, more than ${MAX_COST}`)];
  let result: unknown;
  try {
    result = entry.condition(values);
  } catch (error) {
    return [failure(entry, celMessage(error))];
  }
  if (result === false) return [];
  if (result !== true) return [failure(entry, `its value is neither true nor false`)];
  return [{ id: entry.id, effect: entry.effect, message: renderMessage(entry, values), inputs: [...explain(entry.condition.ast, tracer)] }];
}

/** Why deny, also for an entry that would only warn: a rule that could not be asked has not been passed. */
function failure(entry: CompiledEntry, why: string): Reason {
  return { id: entry.id, effect: 'deny', message: `The rule could not be evaluated, so the gate denies: ${printable(why)}`, inputs: [] };
}

function renderMessage(entry: CompiledEntry, values: Activation): string {
  return entry.message
    .map((part) => {
      if (typeof part === 'string') return part;
      try {
        return displayValue(part(values));
      } catch (error) {
        return `(${printable(celMessage(error))})`;
      }
    })
    .join('');
}

function celMessage(error: unknown): string {
  return (error as { summary?: string }).summary ?? errorMessage(error);
}
