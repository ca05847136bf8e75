/**
 * Views: what else a text can be read as. Each is a text to match rules on, with the way back to the ORIGINAL offsets.
 *
 *     const normal = normalise(text);
 *     for (const view of views(normal).views) {
 *       view.text                        // match on this; long texts keep only what surrounds the decoded stretches
 *       view.decoding                    // ['base64'] or, nested, ['base64', 'rot13']: outermost first
 *       view.map.toOriginal(start, end)  // span in the original text
 *       view.decodedBy(start, end)       // decodings of this match alone; empty means it is clear text, seen already
 *     }
 *
 * Clear encodings (base64, base32, hex, binary, character codes, percent, HTML entities, escapes, quoted-printable, Morse, spelling
 * alphabet, spaced letters) are decoded together, in place, and the result is looked at again, three levels deep. Leetspeak,
 * shuffled letters, ciphers, pig Latin, tag soup and hidden markup have a view each. A decoding is kept only when it is readable;
 * ciphers only when the decoding is clearly language and the text is not. Pure, bounded, linear, never throws.
 */
import { normalise } from '../normalise/normalise.ts';
import type { Normalised } from '../normalise/normalise.ts';
import { composeMaps } from '../normalise/offset-map.ts';
import type { OffsetMap } from '../normalise/offset-map.ts';
import { cipherEdits } from './ciphers.ts';
import { clearEdits } from './clear-encodings.ts';
import { applyEdits, collectStretches, withoutOverlaps } from './edit.ts';
import type { Edit, EditedText, EditSpan } from './edit.ts';
import { leetEdits } from './leet.ts';
import { hiddenStretches, tagEdits } from './markup.ts';
import { pigLatinEdits } from './pig-latin.ts';
import { smuggledEdits } from './smuggled.ts';
import { survey } from './survey.ts';
import { typoglycemiaEdits } from './typoglycemia.ts';
import { wordOrderEdits } from './word-order.ts';

/** Another reading of a text. */
export interface View {
  /** Normalised. */
  readonly text: string;
  /** Every decoding in it, outermost first. */
  readonly decoding: readonly string[];
  /** From offsets of `text` to offsets of the original text. */
  readonly map: OffsetMap;
  /** The decodings that touch [start, end) of `text`, outermost first; empty where it was clear text. */
  decodedBy(start: number, end: number): readonly string[];
}

/** The views of a text; `limited` when some were left out. */
export interface Views {
  readonly views: readonly View[];
  readonly limited: boolean;
}

/** Why: each view is matched against every rule, so they bound the cost of a text. All of the first level fit. */
const MAX_VIEWS = 10;
const MAX_DEPTH = 3;
/** All views together hold at most this many times the text, and at least the minimum. */
const MAX_GROWTH = 3;
const MIN_ROOM = 65_536;

/** Other readings of a normalised text; see the head of this file. */
export function views(normal: Normalised): Views {
  return new Viewer(normal).run();
}

interface Level {
  readonly text: string;
  readonly map: OffsetMap;
  readonly view: View | undefined;
}

class Viewer {
  readonly #normal: Normalised;
  readonly #views: View[] = [];
  readonly #seen: Set<string>;
  #room: number;
  #limited = false;

  constructor(normal: Normalised) {
    this.#normal = normal;
    this.#seen = new Set([normal.text]);
    this.#room = Math.max(MIN_ROOM, normal.text.length * MAX_GROWTH);
  }

  run(): Views {
    const { original, text, map } = this.#normal;
    const top: Level = { text, map, view: undefined };
    const next: Level[] = [];
    const smuggled = smuggledEdits(this.#normal);
    if (smuggled.length > 0) {
      const whole: Level = { text: original, map: ORIGINAL, view: undefined };
      next.push(...this.#addEdits(whole, smuggled));
    }
    next.push(...this.#look(top));
    for (let depth = 2, levels = next; depth <= MAX_DEPTH && levels.length > 0; depth++)
      levels = levels.flatMap((level) => this.#look(level));
    return { views: this.#views, limited: this.#limited };
  }

  /** Adds the views of a level; returns those that may hold more. */
  #look(level: Level): Level[] {
    const { text } = level;
    const found = survey(text);
    const deeper = this.#addEdits(level, clearEdits(text, found));
    if (found.angle > 0 || text.includes(']: ')) {
      this.#addEdits(level, found.angle > 1 ? tagEdits(text) : []);
      const hidden = hiddenStretches(text);
      if (hidden.length > 0) this.#add(level, collectStretches(text, outermost(hidden)));
    }
    if (found.leet.length > 0) this.#addEdits(level, leetEdits(text, found.leet));
    if (found.shuffled.length > 1) this.#addEdits(level, typoglycemiaEdits(text, found));
    if (found.endsInAy > 2) this.#addEdits(level, pigLatinEdits(text, found));
    const ciphers = cipherEdits(text, found);
    deeper.push(...this.#addEdits(level, ciphers));
    if (ciphers.length === 0 && found.known * 2 >= found.words) this.#addEdits(level, wordOrderEdits(text));
    return deeper;
  }

  #addEdits(level: Level, edits: readonly Edit[]): Level[] {
    return edits.length === 0 ? [] : this.#add(level, applyEdits(level.text, withoutOverlaps(edits)));
  }

  #add(level: Level, edited: EditedText): Level[] {
    if (this.#views.length >= MAX_VIEWS || edited.text.length > this.#room) {
      this.#limited = true;
      return [];
    }
    const inner = normalise(edited.text);
    if (this.#seen.has(inner.text)) return [];
    this.#seen.add(inner.text);
    this.#room -= edited.text.length;
    const local = inner.text === edited.text ? edited.map : composeMaps(edited.map, inner.map);
    const names = [...new Set(edited.spans.map((span) => span.by))];
    const view: View = {
      text: inner.text,
      decoding: [...(level.view?.decoding ?? []), ...names],
      map: composeMaps(level.map, local),
      decodedBy(start, end) {
        const at = inner.map.toOriginal(start, end);
        const own = touching(edited.spans, at.start, at.end);
        const before = local.toOriginal(start, end);
        return [...(level.view?.decodedBy(before.start, before.end) ?? []), ...own];
      },
    };
    this.#views.push(view);
    return [{ text: view.text, map: view.map, view }];
  }
}

const ORIGINAL: OffsetMap = { toOriginal: (start, end) => ({ start, end }) };

function outermost(stretches: readonly EditSpan[]): EditSpan[] {
  let end = -1;
  return stretches.filter((stretch) => {
    if (stretch.end <= end) return false;
    end = stretch.end;
    return true;
  });
}

/** Names of the spans that overlap [start, end); spans are sorted. */
function touching(spans: readonly EditSpan[], start: number, end: number): string[] {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.end ?? 0) > start) high = middle;
    else low = middle + 1;
  }
  const names = new Set<string>();
  for (let at = low; at < spans.length; at++) {
    const span = spans[at];
    if (!span || span.start >= end) break;
    names.add(span.by);
  }
  return [...names];
}
