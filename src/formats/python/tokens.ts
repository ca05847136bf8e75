/** Kinds of Python tokens. Numbers, not strings, because a token table is a set of typed arrays. */
export const TOKEN = {
  name: 1,
  number: 2,
  string: 3,
  op: 4,
  newline: 5,
  indent: 6,
  dedent: 7,
  fstringStart: 8,
  fstringText: 9,
  fstringEnd: 10,
} as const;

/** Bits of the value of a string token. */
export const STRING_FLAG = { raw: 1, bytes: 2, triple: 4 } as const;

/**
 * The tokens of one source file, column by column. The value of a name is its index in `names`; of an operator its
 * characters, lowest byte first; of a string its {@link STRING_FLAG} bits.
 */
export class TokenTable {
  kinds = new Uint8Array(1024);
  starts = new Uint32Array(1024);
  ends = new Uint32Array(1024);
  lines = new Uint32Array(1024);
  values = new Uint32Array(1024);
  length = 0;

  push(kind: number, start: number, end: number, line: number, value: number): void {
    if (this.length === this.kinds.length) this.#grow();
    const at = this.length++;
    this.kinds[at] = kind;
    this.starts[at] = start;
    this.ends[at] = end;
    this.lines[at] = line;
    this.values[at] = value;
  }

  #grow(): void {
    const capacity = this.kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const wider = (column: Uint32Array): Uint32Array<ArrayBuffer> => {
      const copy = new Uint32Array(capacity);
      copy.set(column);
      return copy;
    };
    this.starts = wider(this.starts);
    this.ends = wider(this.ends);
    this.lines = wider(this.lines);
    this.values = wider(this.values);
  }
}

/** The value of an operator token for these one to three characters. */
export function opValue(characters: string): number {
  let value = 0;
  for (let i = 0; i < characters.length; i++) value |= characters.charCodeAt(i) << (8 * i);
  return value;
}
