import {
  BUILTIN_GUARD_PROFILES,
  type BuiltinGuardProfile,
  type DetectorMode,
  type DetectorsConfig,
  type GuardCondition,
  type GuardConfig,
} from '../../core/guard-config.ts';
import type { ModerationConfig } from '../../core/moderation-config.ts';
import { CordonError } from '../../core/errors.ts';
import type { DetectorId } from '../../detectors/detector.ts';
import { closestWord } from '../../policy/config/closest-word.ts';

/** A profile with everything that it inherits. */
export interface ResolvedProfile {
  readonly name: string;
  readonly failure: 'block' | 'allow';
  readonly detectors: Readonly<
    Record<DetectorId, Readonly<Record<string, unknown>> & { readonly mode: DetectorMode; readonly threshold: number }>
  >;
  readonly conditions: readonly GuardCondition[];
  /** Absent where there are none. */
  readonly moderation?: readonly ModerationConfig[];
  /** Whether it comes from `monitor`, which lets everything through. */
  readonly watches: boolean;
}

interface Defaults {
  readonly mode: DetectorMode;
  readonly threshold: number;
}

const DEFAULTS: Readonly<Record<DetectorId, Defaults>> = {
  injection: { mode: 'block', threshold: 0.7 },
  indirect: { mode: 'block', threshold: 0.7 },
  extraction: { mode: 'block', threshold: 0.7 },
  pii: { mode: 'redact', threshold: 0.5 },
  secrets: { mode: 'redact', threshold: 0.5 },
  'unsafe-output': { mode: 'block', threshold: 0.7 },
  topics: { mode: 'block', threshold: 0.5 },
  limits: { mode: 'block', threshold: 0.7 },
};

/** Built-in profiles: what ordinary use asks for, what needs the least suspicion, and what only watches. */
function builtin(name: BuiltinGuardProfile, id: DetectorId): Defaults {
  const { mode, threshold } = DEFAULTS[id];
  if (name === 'monitor') return { mode: 'monitor', threshold };
  if (name === 'strict') return { mode: id === 'secrets' ? 'block' : mode, threshold: Math.min(threshold, id === 'pii' ? 0.4 : 0.5) };
  return { mode, threshold };
}

/** The profile of this name, with what it inherits. Throws `config.invalid` for a name that nobody defined. */
export function resolveProfile(config: GuardConfig, name: string = config.profile): ResolvedProfile {
  const own = config.profiles[name];
  const isBuiltin = (BUILTIN_GUARD_PROFILES as readonly string[]).includes(name);
  if (own === undefined && !isBuiltin) {
    const meant = closestWord(name, [...BUILTIN_GUARD_PROFILES, ...Object.keys(config.profiles)]);
    const hint = meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
    throw new CordonError('config.invalid', `guard: there is no profile ${JSON.stringify(name)}${hint}`);
  }
  const base = own?.extends ?? (isBuiltin ? (name as BuiltinGuardProfile) : 'default');
  const options: DetectorsConfig = own?.detectors ?? {};
  const detectors = Object.fromEntries(
    (Object.keys(DEFAULTS) as DetectorId[]).map((id) => [id, { ...builtin(base, id), ...withoutUndefined(options[id] ?? {}) }]),
  ) as ResolvedProfile['detectors'];
  return {
    name,
    failure: own?.failure ?? 'block',
    detectors,
    conditions: own?.conditions ?? [],
    watches: base === 'monitor',
    ...(own !== undefined && own.moderation.length > 0 && { moderation: own.moderation }),
  };
}

function withoutUndefined(options: object): object {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
