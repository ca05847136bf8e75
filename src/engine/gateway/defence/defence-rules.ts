import { type DefenceConfig, type DefenceRule, spanMs } from '../../../core/gateway-defence-config.ts';
import { networkOf } from '../../../identity/addresses/ip-set.ts';
import { globSet } from '../../../identity/permissions/globs.ts';
import { FAILED } from '../../guard/fired.ts';
import type { Call } from '../call.ts';

/** A decision of the guard on something of a call. */
export interface DetectionEvent {
  readonly call: Call;
  readonly effect: 'allow' | 'redact' | 'hold' | 'block';
  readonly detectors: readonly string[];
  readonly rules: readonly string[];
  readonly session?: string | undefined;
}

/** A rule of the configuration, made ready. */
export interface CompiledRule {
  readonly rule: DefenceRule;
  readonly withinMs: number;
  readonly forMs: number;
  readonly maxMs: number;
  fires(event: DetectionEvent): boolean;
  /** Whose count it is; undefined: the event has none of this kind. */
  subjectOf(event: DetectionEvent): { readonly value: string; readonly label: string } | undefined;
}

/** Makes the rules ready. */
export function compileRules(config: DefenceConfig): readonly CompiledRule[] {
  return config.rules.map((rule) => {
    const { detectors, rules, effect, within } = rule.when;
    const effects = new Set<string>(effect);
    const ofDetectors = detectors && new Set(detectors);
    const ofRules = rules && globSet(rules);
    return {
      rule,
      withinMs: ms(within),
      forMs: ms(rule.for),
      maxMs: ms(rule.max),
      fires: (event) =>
        effects.has(event.effect) &&
        (ofDetectors === undefined || event.detectors.some((id) => ofDetectors.has(id))) &&
        (ofRules === undefined ? !isFailure(event) : event.rules.some(ofRules)),
      subjectOf: (event) => subject(rule.per, event, config.ipv6Prefix),
    };
  });
}

/** How long it lasts this time: longer with each earlier time, up to the longest. */
export function durationMs({ rule, forMs, maxMs }: CompiledRule, earlier: number): number {
  return Math.min(maxMs, Math.round(forMs * rule.grow ** Math.min(earlier, 1_000)));
}

/** Why not counted unless a rule names it: nobody was found doing anything, and a service that is down would stop everybody for hours. */
function isFailure({ detectors, rules }: DetectionEvent): boolean {
  return detectors.length === 0 && rules.includes(FAILED);
}

function subject(per: DefenceRule['per'], { call, session }: DetectionEvent, ipv6Prefix: number) {
  const { caller } = call;
  switch (per) {
    case 'ip': {
      const value = networkOf(caller.ip, { 4: 32, 6: ipv6Prefix });
      return { value, label: value };
    }
    case 'key':
      return caller.key === null ? undefined : { value: caller.key, label: caller.key };
    case 'principal':
      return { value: caller.principal.id, label: caller.principal.name };
    default:
      return session === undefined || session === '' ? undefined : { value: session, label: session };
  }
}

function ms(span: string): number {
  return spanMs(span) ?? 0;
}
