/** R's serialisation, written value by value in its XDR encoding (version 3). Strings and symbols are never shared. */

const HAS_OBJECT = 0x100;
const HAS_ATTRIBUTES = 0x200;
const HAS_TAG = 0x400;

/** A 32-bit word. */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A whole `.rds` file around one value. */
export function rds(...value: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('X\n'), int(3), int(0x0004_0302), int(0x0003_0500), int(5), Buffer.from('UTF-8'), ...value]);
}

/** A whole `.RData` file: `save` writes a pairlist of the variables behind its own magic. */
export function rdata(name: string, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from('RDX3\n'), rds(pairlist([name, value]))]);
}

export const nil = int(0xfe);
export const globalEnvironment = int(0xfd);
export const unboundValue = int(0xfc);

function char(text: string): Buffer {
  return Buffer.concat([int(9 | (64 << 12)), int(Buffer.byteLength(text)), Buffer.from(text)]);
}

/** A symbol by its name. */
export function symbol(name: string): Buffer {
  return Buffer.concat([int(1), char(name)]);
}

/** A character vector. */
export function strings(...texts: readonly string[]): Buffer {
  return Buffer.concat([int(16), int(texts.length), ...texts.map(char)]);
}

/** A numeric vector of zeros. */
export function reals(count: number): Buffer {
  return Buffer.concat([int(14), int(count), Buffer.alloc(8 * count)]);
}

/** A raw vector. */
export function raw(bytes: Uint8Array): Buffer {
  return Buffer.concat([int(24), int(bytes.length), bytes]);
}

/** A pairlist with tags. */
export function pairlist(...entries: readonly (readonly [tag: string, value: Buffer])[]): Buffer {
  return Buffer.concat([...entries.flatMap(([tag, value]) => [int(2 | HAS_TAG), symbol(tag), value]), nil]);
}

/** A list with attributes, for example a class. */
export function list(values: readonly Buffer[], attributes: readonly (readonly [string, Buffer])[] = []): Buffer {
  const flags = attributes.length > 0 ? HAS_OBJECT | HAS_ATTRIBUTES : 0;
  return Buffer.concat([int(19 | flags), int(values.length), ...values, ...(attributes.length > 0 ? [pairlist(...attributes)] : [])]);
}

/** A call: the function, then its arguments. */
export function call(head: string | Buffer, ...args: readonly Buffer[]): Buffer {
  return Buffer.concat([int(6), typeof head === 'string' ? symbol(head) : head, ...args.flatMap((arg) => [int(2), arg]), nil]);
}

/** A function of the global environment without arguments. */
export function closure(body: Buffer): Buffer {
  return Buffer.concat([int(3 | HAS_TAG), globalEnvironment, nil, body]);
}

/** A promise: with an environment while it is still to be computed, without when it has a value. */
export function promise(expression: Buffer, value: Buffer = unboundValue): Buffer {
  const pending = value === unboundValue;
  return Buffer.concat([int(5 | (pending ? HAS_TAG : 0)), ...(pending ? [globalEnvironment] : []), value, expression]);
}

/** An environment whose variables are in a plain list, or in a hash table. */
export function environment(variables: readonly (readonly [string, Buffer])[], hashed = false): Buffer {
  const frame = hashed ? nil : pairlist(...variables);
  const table = hashed ? list([pairlist(...variables), nil]) : nil;
  return Buffer.concat([int(4), int(0), globalEnvironment, frame, table, nil]);
}

/** Byte code with the constants given, each with its type word in front. */
export function bytecode(...constants: readonly Buffer[]): Buffer {
  return Buffer.concat([int(21), int(1), int(13), int(2), int(12), int(1), int(constants.length), ...constants]);
}

/** An ALTREP object of a class. */
export function altrep(packageName: string, className: string, state: Buffer): Buffer {
  const info = Buffer.concat([int(2), symbol(className), int(2), symbol(packageName), int(2), int(13), int(1), int(13), nil]);
  return Buffer.concat([int(238), info, state, nil]);
}
