import { IpMap, parseNetwork } from '../../../identity/addresses/ip-set.ts';
import { globSet } from '../../../identity/permissions/globs.ts';
import type { Stop, StopSubject } from './stop.ts';

const NAMED = ['key', 'principal', 'team', 'session', 'model', 'tool', 'route'] as const;
type Named = (typeof NAMED)[number];

interface OpenGlob {
  readonly stop: Stop;
  matches(name: string): boolean;
}

/** Whether a stop counts for the call in question. */
type Counts = (stop: Stop) => boolean;

/**
 * Stops in memory, found in one step for each thing a call is known by, however many there are. Values that several stops are
 * about keep all of them: when one ends, the others go on.
 */
class StopSet {
  readonly #named: Readonly<Record<Named, Map<string, Stop[]>>> = {
    key: new Map(),
    principal: new Map(),
    team: new Map(),
    session: new Map(),
    model: new Map(),
    tool: new Map(),
    route: new Map(),
  };
  readonly #globs: Record<'model' | 'tool' | 'route', OpenGlob[]> = { model: [], tool: [], route: [] };
  #ips = new IpMap<Stop[]>();
  #hasIps = false;
  #everything: Stop[] = [];
  readonly #lists: readonly (readonly [Named, (subject: StopSubject) => string | null | undefined])[] = [
    ['key', ({ key }) => key],
    ['principal', ({ principal }) => principal],
    ['session', ({ session }) => session],
    ['model', ({ model }) => model],
    ['route', ({ route }) => route],
    ['tool', ({ tool }) => tool],
  ];

  add(stop: Stop): void {
    const { kind, value } = stop;
    if (kind === 'everything') this.#everything.push(stop);
    else if (kind === 'ip') {
      const network = parseNetwork(value);
      const list = this.#ips.get(network) ?? [];
      this.#ips.set(network, [...list, stop]);
      this.#hasIps = true;
    } else if (value.includes('*') && (kind === 'model' || kind === 'tool' || kind === 'route')) {
      this.#globs[kind].push({ stop, matches: globSet([value]) });
    } else this.#named[kind].set(value, [...(this.#named[kind].get(value) ?? []), stop]);
  }

  remove({ id, kind, value }: Stop): void {
    const others = (list: readonly Stop[] | undefined): Stop[] => (list ?? []).filter((stop) => stop.id !== id);
    if (kind === 'everything') this.#everything = others(this.#everything);
    else if (kind === 'ip') {
      const network = parseNetwork(value);
      const left = others(this.#ips.get(network));
      if (left.length > 0) this.#ips.set(network, left);
      else this.#ips.delete(network);
    } else if (value.includes('*') && (kind === 'model' || kind === 'tool' || kind === 'route')) {
      this.#globs[kind] = this.#globs[kind].filter(({ stop }) => stop.id !== id);
    } else {
      const left = others(this.#named[kind].get(value));
      if (left.length > 0) this.#named[kind].set(value, left);
      else this.#named[kind].delete(value);
    }
  }

  find(subject: StopSubject, counts: Counts): Stop | undefined {
    const everything = this.#everything.find(counts);
    if (everything !== undefined) return everything;
    for (const [kind, valueOf] of this.#lists) {
      const map = this.#named[kind];
      if (map.size === 0) continue;
      const value = valueOf(subject);
      const found = value === null || value === undefined ? undefined : map.get(value)?.find(counts);
      if (found !== undefined) return found;
    }
    if (subject.teams !== undefined && this.#named.team.size > 0) {
      for (const team of subject.teams) {
        const found = this.#named.team.get(team)?.find(counts);
        if (found !== undefined) return found;
      }
    }
    if (this.#hasIps && subject.ip !== undefined) {
      const found = this.#ips.find(subject.ip, (list) => list.some(counts))?.find(counts);
      if (found !== undefined) return found;
    }
    return (
      this.#findGlob('model', subject.model, counts) ??
      this.#findGlob('route', subject.route, counts) ??
      this.#findGlob('tool', subject.tool, counts)
    );
  }

  #findGlob(kind: 'model' | 'tool' | 'route', name: string | undefined, counts: Counts): Stop | undefined {
    const globs = this.#globs[kind];
    if (globs.length === 0 || name === undefined) return undefined;
    return globs.find(({ stop, matches }) => matches(name) && counts(stop))?.stop;
  }
}

/** Every stop that counts now, by what it does. */
export class StandingStops {
  readonly #byId = new Map<string, Stop>();
  readonly #sets = { block: new StopSet(), tighten: new StopSet() };
  #automatic = 0;
  #isSpared: (subject: StopSubject) => boolean = () => false;

  /** How many automatic ones there are. */
  get automatic(): number {
    return this.#automatic;
  }

  /** Who is never stopped by itself. */
  spare(isSpared: (subject: StopSubject) => boolean): void {
    this.#isSpared = isSpared;
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  /** Adds a stop, or replaces what was known of it. */
  put(stop: Stop): void {
    this.remove(stop.id);
    this.#byId.set(stop.id, stop);
    this.#sets[stop.effect].add(stop);
    if (stop.automatic) this.#automatic++;
  }

  remove(id: string): void {
    const stop = this.#byId.get(id);
    if (stop === undefined) return;
    this.#byId.delete(id);
    this.#sets[stop.effect].remove(stop);
    if (stop.automatic) this.#automatic--;
  }

  /** Takes out what has expired. */
  expire(now: number): void {
    for (const { id, expiresAt } of this.#byId.values()) if (expiresAt !== null && expiresAt <= now) this.remove(id);
  }

  /** The stop of this effect that counts for the subject. Automatic ones do not count for who is spared. */
  find(effect: Stop['effect'], subject: StopSubject, now: number): Stop | undefined {
    if (this.#byId.size === 0) return undefined;
    return this.#sets[effect].find(
      subject,
      (stop) => (stop.expiresAt === null || stop.expiresAt > now) && !(stop.automatic && this.#isSpared(subject)),
    );
  }
}
