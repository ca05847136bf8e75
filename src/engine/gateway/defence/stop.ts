import type { Call } from '../call.ts';

/** What can be stopped. `everything` stops the whole gateway. */
export const STOP_KINDS = ['everything', 'key', 'principal', 'team', 'ip', 'model', 'tool', 'route', 'session'] as const;
export type StopKind = (typeof STOP_KINDS)[number];

/** A standing order: this is stopped, or its guard is tightened. */
export interface Stop {
  readonly id: string;
  readonly kind: StopKind;
  /** Id of the key or principal, name, canonical address or range, glob of models, tools or routes; empty for `everything`. */
  readonly value: string;
  /** As people know it: the name of the principal, the prefix of the key. */
  readonly label: string;
  readonly effect: 'block' | 'tighten';
  /** Profile of the guard that counts meanwhile; null for a block. */
  readonly profile: string | null;
  /** Shown to operators, never to whoever is stopped. */
  readonly reason: string;
  /** Name of who did it; the id of the rule for automatic ones. */
  readonly by: string;
  readonly automatic: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Null: until it is lifted. */
  readonly expiresAt: number | null;
}

/** What a call is known by. Left out: not known yet, or there is none. */
export interface StopSubject {
  readonly key?: string | null | undefined;
  /** Id. */
  readonly principal?: string | undefined;
  readonly principalName?: string | undefined;
  readonly teams?: readonly string[] | undefined;
  /** Canonical. */
  readonly ip?: string | undefined;
  readonly model?: string | undefined;
  readonly tool?: string | undefined;
  readonly route?: string | undefined;
  readonly session?: string | undefined;
}

/** What a call is known by, for {@link StopSubject}. */
export function subjectOf({ caller, route, model }: Call, session?: string, tool?: string): StopSubject {
  const { key, principal, teams, ip } = caller;
  return {
    key,
    principal: principal.id,
    principalName: principal.name,
    teams,
    ip,
    model: model === '' ? undefined : model,
    route,
    session,
    tool,
  };
}
