import { endOfVector, isUsual } from './structure.ts';

type Container = Record<string | number, unknown>;

/** A number, and how it was written. */
interface Written {
  readonly value: number;
  readonly text: string;
}

/** Numbers of an object or list that are written unusually, by key; of a vector the text of the whole list. */
type Kept = Map<string, Written> | string;

/** Why beside the values and not in them: everybody else reads numbers as numbers. */
const KEPT = new WeakMap<object, Kept>();
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const NUMBERS = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
let isAnyKept = false;

/** Whether numbers were kept for anything so far. Why: most processes never see one, and need not look for them. */
export function hasKeptNumbers(): boolean {
  return isAnyKept;
}

/** Remembers how the numbers of `value` are written in `text`, which it was parsed from. No object of it may have a key twice. */
export function keepNumbers(text: string, value: object): void {
  isAnyKept = true;
  new Keeping(text).keep(value);
}

/** Whether an object or list has numbers of its own that are known by more than their value. */
export function isKept(holder: object): boolean {
  return KEPT.has(holder);
}

/** The numbers of a list or object that are not written as `JSON.stringify` writes them; undefined: there are none. */
export function keptNumbers(holder: object): ReadonlyMap<string, string> | undefined {
  const kept = keptOf(holder);
  if (kept === undefined) return undefined;
  const texts = new Map<string, string>();
  for (const [key, { value, text }] of kept) if (Object.is((holder as Container)[key], value)) texts.set(key, text);
  return texts;
}

/** The number `holder[key]` as it was written. */
export function numberText(holder: object, key: string | number): string {
  const value = (holder as Container)[key];
  const written = keptOf(holder)?.get(String(key));
  return written !== undefined && Object.is(written.value, value) ? written.text : String(value);
}

/** An object with other values for some of its fields, whose numbers are still known as they were written. */
export function changed<T extends object, U extends object>(holder: T, fields: U): T & U {
  const copy = { ...holder, ...fields };
  const kept = isAnyKept ? KEPT.get(holder) : undefined;
  if (kept !== undefined) KEPT.set(copy, kept);
  return copy;
}

/** Gives the field `from` of an object the name `to`. */
export function renameField(holder: Record<string, unknown>, from: string, to: string): void {
  const value = holder[from];
  const kept = keptOf(holder);
  const written = kept?.get(from);
  delete holder[from];
  holder[to] = value;
  if (kept !== undefined && written !== undefined) kept.set(to, written);
}

/** The text of a vector in which nothing was changed; undefined for anything else. */
export function vectorText(list: readonly unknown[]): string | undefined {
  const kept = KEPT.get(list);
  // Why numbers only: whoever replaces one puts a text in its place.
  return typeof kept === 'string' && list.every((one) => typeof one === 'number') ? kept : undefined;
}

function keptOf(holder: object): Map<string, Written> | undefined {
  const kept = isAnyKept ? KEPT.get(holder) : undefined;
  if (typeof kept !== 'string') return kept;
  return new Map([...kept.matchAll(NUMBERS)].map(([text], at) => [String(at), { value: Number(text), text }]));
}

/** Goes through JSON text and the value that was parsed from it side by side. */
class Keeping {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  keep(value: unknown): void {
    this.#space();
    const sign = this.#text[this.#at];
    if (sign === '{') this.#object(value as Container);
    else if (sign === '[') this.#list(value as unknown[]);
    else if (sign === '"') this.#string();
    else this.#at += NUMBER_OR_WORD.exec(this.#text.slice(this.#at, this.#at + 5))![0].length;
  }

  #object(holder: Container): void {
    this.#at++;
    for (this.#space(); this.#text[this.#at] !== '}'; this.#space()) {
      const key = JSON.parse(this.#string()) as string;
      this.#space();
      this.#at++;
      this.#member(holder, key);
    }
    this.#at++;
  }

  #list(holder: unknown[]): void {
    const end = endOfVector(this.#text, this.#at);
    if (end > 0) {
      KEPT.set(holder, this.#text.slice(this.#at, end));
      this.#at = end;
      return;
    }
    this.#at++;
    let index = 0;
    for (this.#space(); this.#text[this.#at] !== ']'; this.#space()) this.#member(holder as unknown as Container, String(index++));
    this.#at++;
  }

  /** A value and the comma behind it. */
  #member(holder: Container, key: string): void {
    this.#space();
    NUMBER.lastIndex = this.#at;
    const [text] = NUMBER.exec(this.#text) ?? [];
    if (text === undefined) this.keep(holder[key]);
    else {
      this.#at += text.length;
      if (!isUsual(text)) this.#note(holder, key, text);
    }
    this.#space();
    if (this.#text[this.#at] === ',') this.#at++;
  }

  #note(holder: Container, key: string, text: string): void {
    const kept = (KEPT.get(holder) as Map<string, Written> | undefined) ?? new Map<string, Written>();
    KEPT.set(holder, kept.set(key, { value: holder[key] as number, text }));
  }

  /** Reads a string, quotes included. */
  #string(): string {
    const start = this.#at;
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) if (this.#text[this.#at] === '\\') this.#at++;
    return this.#text.slice(start, ++this.#at);
  }

  #space(): void {
    while (SPACES.has(this.#text[this.#at]!)) this.#at++;
  }
}

const SPACES: ReadonlySet<string> = new Set([' ', '\t', '\n', '\r']);
const NUMBER_OR_WORD = /^(?:true|false|null)/;
