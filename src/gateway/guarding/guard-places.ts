import type { Segment } from '../../core/text.ts';
import type { GuardDecision } from '../../engine/guard/decision.ts';
import type { AssessCall, Guard, GuardCall } from '../../engine/guard/guard.ts';
import type { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { restore } from '../../patterns/redact/restore.ts';
import { refuses } from './refusal.ts';
import type { Places, TextGroup } from '../places/places.ts';

/** What the guard said of a message, and whether texts of it were replaced. */
export interface Guarded {
  readonly decision: GuardDecision;
  readonly changed: boolean;
}

/** Code units on either side of a border between two parts. Why: longer than what is found in one piece. */
const REACH = 1_000;

/** A stretch of a group around borders between its parts. */
interface Window {
  readonly segment: Segment;
  /** Offsets of borders in the text of the segment. */
  readonly borders: readonly number[];
  readonly group: TextGroup;
}

/**
 * Decides about all texts of a message, replaces what is to be replaced, and puts the values of `restored` in the place of their names: at
 * once where no judge is to be asked. Never throws.
 */
export function guardPlaces(guard: Guard, places: Places, call: AssessCall, restored?: PseudonymMap): Guarded | Promise<Guarded> {
  if (!guard.hasJudges) return checkPlaces(guard, places, call, restored);
  const windows = places.groups.flatMap(windowsOf);
  return guard.assess(segmentsOf(places, windows), call).then((decision) => applied(guard, places, windows, decision, call, restored));
}

/** {@link guardPlaces} without judges, at once. */
export function checkPlaces(guard: Guard, places: Places, call: GuardCall, restored?: PseudonymMap): Guarded {
  const windows = places.groups.length === 0 ? [] : places.groups.flatMap(windowsOf);
  return applied(guard, places, windows, guard.check(segmentsOf(places, windows), call), call, restored);
}

/** The texts of a message as the guard left them, as JSON; what is refused is in it, without what was to be replaced. */
export function textsLeft({ list }: Places, { redacted }: GuardDecision): string {
  return JSON.stringify(list.map(({ segment }, index) => ({ channel: segment.channel, text: redacted?.[index] ?? segment.text })));
}

function segmentsOf(places: Places, windows: readonly Window[]): Segment[] {
  const segments = places.list.map(({ segment }) => segment);
  for (const { segment } of windows) segments.push(segment);
  return segments;
}

function applied(
  guard: Guard,
  places: Places,
  windows: readonly Window[],
  decision: GuardDecision,
  call: GuardCall,
  restored: PseudonymMap | undefined,
): Guarded {
  if (refuses(decision)) return { decision, changed: false };
  const { redacted, detections } = decision;
  if (redacted === undefined && (restored === undefined || restored.size === 0)) return { decision, changed: false };
  const back = (text: string): string => (restored === undefined || restored.size === 0 ? text : restore(text, restored));
  let changed = false;
  for (const [index, { segment, set }] of places.list.entries()) {
    const text = back(redacted?.[index] ?? segment.text);
    if (text === segment.text) continue;
    set(text);
    changed = true;
  }
  const merged = new Set<TextGroup>();
  for (const [index, { borders, group, segment }] of windows.entries()) {
    const at = places.list.length + index;
    if (redacted === undefined || redacted[at] === segment.text || merged.has(group)) continue;
    const crosses = detections.some(
      (one) => one.segment === at && borders.some((border) => one.span.start < border && border < one.span.end),
    );
    if (!crosses) continue;
    // Why once: it is all of the group, and a long one has thousands of windows.
    merged.add(group);
    changed = mergeParts(guard, group, call, back) || changed;
  }
  return { decision, changed };
}

/** Why the whole group: a value that is spread over parts can only be replaced where the parts are one. */
function mergeParts(guard: Guard, group: TextGroup, call: GuardCall, back: (text: string) => string): boolean {
  const [first, ...others] = group.places;
  const text = group.places.map(({ segment }) => segment.text).join('');
  // Why without the session: the turn was counted when its parts were looked at.
  // Why no judges: they have seen the parts, and one that is not asked counts as failed.
  const { session: _, ...again } = call;
  const { redacted } = guard.check([{ ...first!.segment, text }], { ...again, judges: 'later' });
  if (redacted === undefined) return false;
  first!.set(back(redacted[0]!));
  for (const place of others) group.remove(place);
  return true;
}

function windowsOf(group: TextGroup): Window[] {
  const texts = group.places.map(({ segment }) => segment.text);
  const text = texts.join('');
  const borders: number[] = [];
  let length = 0;
  for (const { length: own } of texts.slice(0, -1)) borders.push((length += own));
  const windows: Window[] = [];
  let start = 0;
  let end = -1;
  let inside: number[] = [];
  const close = (): void => {
    if (inside.length === 0) return;
    const { segment } = group.places[0]!;
    windows.push({ segment: { ...segment, text: text.slice(start, end) }, borders: inside.map((border) => border - start), group });
  };
  for (const border of borders) {
    if (border - REACH > end) {
      close();
      start = Math.max(0, border - REACH);
      inside = [];
    }
    end = Math.min(text.length, border + REACH);
    inside.push(border);
  }
  close();
  return windows;
}
