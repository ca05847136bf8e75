import type { GuardDetection } from './decision.ts';

/**
 * Replaces detections by pseudonyms such as `<EMAIL_1>`: the same value gets the same name in all segments of a call. Overlapping spans
 * become one, named after the first.
 */
export function redactSegments(texts: readonly string[], detections: readonly GuardDetection[], names: PseudonymSource): readonly string[] {
  return texts.map((text, index) => {
    const own = detections.filter(({ segment, span }) => segment === index && span.end > span.start).toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
    let out = '';
    let from = 0;
    for (let at = 0; at < own.length; ) {
      const { start } = own[at]!.span;
      let { end } = own[at]!.span;
      const entity = own[at]!.entity ?? 'REDACTED';
      for (at++; at < own.length && own[at]!.span.start < end; at++) end = Math.max(end, own[at]!.span.end);
      out += text.slice(from, start) + names.nameOf(entity, text.slice(start, end));
      from = end;
    }
    return from === 0 ? text : out + text.slice(from);
  });
}

/** Gives names to values: the same value the same name. */
export interface PseudonymSource {
  nameOf(entity: string, value: string): string;
}

/** Names for one call. */
export function callPseudonyms(): PseudonymSource {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return {
    nameOf(entity, value) {
      const key = `${entity}\0${value}`;
      const known = names.get(key);
      if (known !== undefined) return known;
      const count = (counts.get(entity) ?? 0) + 1;
      counts.set(entity, count);
      const name = `<${entity.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${count}>`;
      names.set(key, name);
      return name;
    },
  };
}
