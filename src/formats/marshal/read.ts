import { latin1, utf8, viewOf } from '../bytes/read.ts';

/** What a marshalled Python code object says of itself, best effort: enough to show a reviewer what it would do. */
export interface CodeSummary {
  /** Names it looks up: modules, attributes, globals; nested functions included. In order, each once. */
  readonly names: readonly string[];
  /** String constants. */
  readonly strings: readonly string[];
  /** Source file it was compiled from. */
  readonly filename: string;
}

/** Why limits: the bytes are hostile, and marshal nests. */
const MAX_DEPTH = 60;
const MAX_ITEMS = 100_000;
const MAX_COLLECTED = 200;

/** Layouts of a code object by Python version: how many 32-bit numbers lead, and what follows the byte code. */
const LAYOUTS = [
  { python: '3.11', integers: 5, late: true },
  { python: '3.8', integers: 6, late: false },
  { python: '3.0', integers: 5, late: false },
  { python: '2.7', integers: 4, late: false },
] as const;

type Layout = (typeof LAYOUTS)[number];

/** Summarises `marshal.dumps(code)`; undefined when the bytes are no code object of a known Python version. */
export function summariseCode(bytes: Uint8Array): CodeSummary | undefined {
  if (((bytes[0] ?? 0) & 0x7f) !== 0x63) return undefined;
  for (const layout of LAYOUTS) {
    const reader = new MarshalReader(bytes, layout);
    try {
      reader.value(0);
    } catch (error) {
      if (error instanceof RangeError) continue;
      throw error;
    }
    if (reader.position === bytes.length) return reader.summary();
  }
  return undefined;
}

/** Reads one marshalled value and collects names and strings; throws `RangeError` where the bytes do not fit the layout. */
class MarshalReader {
  position = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #layout: Layout;
  readonly #names = new Set<string>();
  readonly #strings = new Set<string>();
  readonly #refs: unknown[] = [];
  #filename = '';
  #items = 0;

  constructor(bytes: Uint8Array, layout: Layout) {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
    this.#layout = layout;
  }

  summary(): CodeSummary {
    return {
      names: [...this.#names].slice(0, MAX_COLLECTED),
      strings: [...this.#strings].slice(0, MAX_COLLECTED),
      filename: this.#filename,
    };
  }

  /** Reads one value: strings and tuples of strings come back, everything else as undefined. */
  value(depth: number): unknown {
    if (depth > MAX_DEPTH || ++this.#items > MAX_ITEMS) throw new RangeError('too deep or too many');
    const lead = this.#u8();
    const slot = (lead & 0x80) === 0 ? undefined : this.#refs.push(undefined) - 1;
    const value = this.#body(String.fromCharCode(lead & 0x7f), depth);
    if (slot !== undefined) this.#refs[slot] = value;
    return value;
  }

  #body(type: string, depth: number): unknown {
    switch (type) {
      case 'N':
      case 'T':
      case 'F':
      case '.':
      case 'S':
      case '0':
        return undefined;
      case 'i':
        return void this.#take(4);
      case 'I':
      case 'g':
        return void this.#take(8);
      case 'y':
        return void this.#take(16);
      case 'f':
        return void this.#take(this.#u8());
      case 'x':
        this.#take(this.#u8());
        return void this.#take(this.#u8());
      case 'l':
        return void this.#take(2 * Math.abs(this.#view.getInt32(this.#skip(4), true)));
      case 'r':
      case 'R':
        return this.#refs[this.#u32()];
      case 's':
        return this.#layout.python === '2.7' ? latin1(this.#take(this.#u32())) : void this.#take(this.#u32());
      case 't':
        return this.#interned(utf8(this.#take(this.#u32())));
      case 'u':
        return utf8(this.#take(this.#u32()));
      case 'a':
      case 'A':
        return latin1(this.#take(this.#u32()));
      case 'z':
      case 'Z':
        return latin1(this.#take(this.#u8()));
      case ')':
        return this.#sequence(this.#u8(), depth);
      case '(':
      case '[':
      case '<':
      case '>':
        return this.#sequence(this.#u32(), depth);
      case '{':
        return this.#dictionary(depth);
      case ':':
        return this.#sequence(3, depth);
      case 'c':
        return this.#code(depth);
      default:
        throw new RangeError('unknown marshal type');
    }
  }

  /** Python 2 numbers interned strings by themselves, Python 3 whatever is marked. */
  #interned(text: string): string {
    if (this.#layout.python === '2.7') this.#refs.push(text);
    return text;
  }

  #sequence(length: number, depth: number): unknown[] {
    if (length > this.#bytes.length - this.position) throw new RangeError('sequence longer than the bytes');
    return Array.from({ length }, () => this.value(depth + 1));
  }

  #dictionary(depth: number): undefined {
    while (this.#bytes[this.position] !== 0x30) {
      this.value(depth + 1);
      this.value(depth + 1);
    }
    this.position++;
    return undefined;
  }

  #code(depth: number): undefined {
    const { integers, late } = this.#layout;
    this.#take(integers * 4);
    const next = (): unknown => this.value(depth + 1);
    next();
    for (const constant of strings(next())) this.#strings.add(constant);
    for (const name of strings(next())) this.#names.add(name);
    next();
    next();
    if (!late) next();
    const filename = next();
    if (typeof filename === 'string') this.#filename = filename;
    next();
    if (late) next();
    this.#take(4);
    next();
    if (late) next();
    return undefined;
  }

  #skip(count: number): number {
    const start = this.position;
    if (count > this.#bytes.length - start) throw new RangeError('marshal data ends early');
    this.position += count;
    return start;
  }

  #take(count: number): Uint8Array {
    const start = this.#skip(count);
    return this.#bytes.subarray(start, start + count);
  }

  #u8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  #u32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }
}

/** The strings of a tuple and of the tuples in it (folded constants). Why bounded: references repeat a tuple for two bytes. */
function strings(value: unknown): string[] {
  const found: string[] = [];
  let left = 10_000;
  const collect = (items: unknown, deeper: boolean): void => {
    if (!Array.isArray(items)) return;
    for (const item of items as unknown[]) {
      if (--left < 0) return;
      if (typeof item === 'string') found.push(item.slice(0, 200));
      else if (deeper) collect(item, false);
    }
  };
  collect(value, true);
  return found;
}
