import type { Detection } from '../../core/text.ts';
import { disguise, type DisguiseOptions } from './format-preserving.ts';
import type { PseudonymMap } from './pseudonyms.ts';

/** How detections are replaced. */
export interface RedactionOptions {
  /** Without it values are replaced by `[ENTITY]` and cannot be restored. */
  readonly pseudonyms?: PseudonymMap;
  /** Kinds of data that are replaced by values of the same format, and the key for that. */
  readonly formats?: { readonly entities: ReadonlySet<string>; readonly options: DisguiseOptions };
}

/** What stands in the place of one value. */
export function replacement(entity: string, value: string, options: RedactionOptions): string {
  const { pseudonyms, formats } = options;
  const keeps = formats !== undefined && formats.entities.has(entity);
  if (pseudonyms === undefined) return (keeps ? disguise(entity, value, formats.options) : undefined) ?? `[${entity}]`;
  if (!keeps || disguise(entity, value, formats.options) === undefined) return pseudonyms.nameOf(entity, value);
  return pseudonyms.nameOf(entity, value, (attempt) => disguise(entity, value, formats.options, attempt)!);
}

/**
 * Replaces detections in the original text, also those found in a decoded view, whose span covers what was decoded. Overlapping ones
 * are joined: exact before unsure, longer before shorter, and nothing that any of them covers stays.
 */
export function redact(text: string, detections: readonly Detection[], options: RedactionOptions): string {
  options.pseudonyms?.reserve(text);
  let out = '';
  let passed = 0;
  for (const { start, end, entity } of joinDetections(detections, text.length)) {
    out += text.slice(passed, start) + replacement(entity, text.slice(start, end), options);
    passed = end;
  }
  return out + text.slice(passed);
}

interface Joined {
  start: number;
  end: number;
  entity: string;
  best: Detection;
}

function joinDetections(detections: readonly Detection[], length: number): readonly Joined[] {
  const sorted = detections
    .filter(({ span }) => span.start < Math.min(span.end, length))
    .toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  const out: Joined[] = [];
  for (const detection of sorted) {
    const { span, entity } = detection;
    const last = out.at(-1);
    if (last === undefined || span.start >= last.end) {
      out.push({ start: span.start, end: Math.min(span.end, length), entity: entity ?? 'REDACTED', best: detection });
      continue;
    }
    last.end = Math.max(last.end, Math.min(span.end, length));
    if (isBetter(detection, last.best)) {
      last.best = detection;
      last.entity = entity ?? 'REDACTED';
    }
  }
  return out;
}

function isBetter(a: Detection, b: Detection): boolean {
  return a.score - b.score > 0 || (a.score === b.score && a.span.end - a.span.start > b.span.end - b.span.start);
}
