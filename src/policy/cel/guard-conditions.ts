import { Environment } from '@marcbachmann/cel-js';
import type { GuardCondition } from '../../core/guard-config.ts';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { matchesGlob } from '../glob.ts';

/** What a condition of the guard is evaluated over. */
export interface GuardInput {
  readonly detections: readonly {
    readonly rule: string;
    readonly detector: string;
    readonly score: number;
    readonly channel: string;
    readonly entity: string;
  }[];
  /** Channels that have text in this call. */
  readonly channels: readonly string[];
  readonly score: number;
  /** Risk carried over from earlier calls, 0 to 1. */
  readonly session: number;
  readonly length: number;
}

/** A condition that is parsed and checked. */
export interface CompiledGuardCondition {
  readonly id: string;
  readonly effect: GuardCondition['effect'];
  readonly message: string;
  /** Throws what the expression throws. */
  holds(input: GuardInput): boolean;
}

/** A detection as a CEL value. Why a class: the CEL library tells types apart by constructor. */
class GuardDetectionValue {
  readonly rule: string;
  readonly detector: string;
  readonly score: number;
  readonly channel: string;
  readonly entity: string;

  constructor(input: GuardInput['detections'][number]) {
    this.rule = input.rule;
    this.detector = input.detector;
    this.score = input.score;
    this.channel = input.channel;
    this.entity = input.entity;
  }
}

function environment(): Environment {
  return new Environment({ limits: { maxAstNodes: 2_000, maxDepth: 48, maxListElements: 1_000, maxMapEntries: 100, maxCallArguments: 8 } })
    .registerType('Detection', {
      ctor: GuardDetectionValue,
      fields: { rule: 'string', detector: 'string', score: 'double', channel: 'string', entity: 'string' },
    })
    .registerFunction('glob(string, string): bool', (text: string, pattern: string) => matchesGlob(text, pattern))
    .registerVariable('detections', 'list<Detection>')
    .registerVariable('channels', 'list<string>')
    .registerVariable('score', 'double')
    .registerVariable('session', 'double')
    .registerVariable('length', 'int');
}

/** Parses and checks the conditions of a profile. Throws `config.invalid`. */
export function compileGuardConditions(conditions: readonly GuardCondition[], where: string): readonly CompiledGuardCondition[] {
  if (conditions.length === 0) return [];
  const types = environment();
  return conditions.map(({ id, when, effect, message }) => {
    const at = `${where}.conditions.${id}: when`;
    let parsed: ReturnType<Environment['parse']>;
    try {
      parsed = types.parse(when);
    } catch (error) {
      throw new CordonError('config.invalid', `${at}: ${errorMessage(error)}`, { cause: error });
    }
    // Why: JavaScript's regular expressions take exponential time on hostile text (CWE-1333).
    if (/\bmatches\s*\(/.test(when))
      throw new CordonError('config.invalid', `${at}: matches() is not available; use glob(), contains(), startsWith()`);
    const checked = parsed.check();
    if (!checked.valid) throw new CordonError('config.invalid', `${at}: ${errorMessage(checked.error)}`);
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      throw new CordonError('config.invalid', `${at}: must be true or false, but is of type ${checked.type}`);
    return {
      id,
      effect,
      message: message ?? `The condition holds: ${when}`,
      holds: ({ detections, channels, score, session, length }) =>
        parsed({ detections: detections.map((one) => new GuardDetectionValue(one)), channels, score, session, length: BigInt(length) }) ===
        true,
    };
  });
}
