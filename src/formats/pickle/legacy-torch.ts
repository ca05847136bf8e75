import type { Global, Persistent, Value } from './values.ts';

/** What `torch.save` wrote first before it wrote zips: the number 0x1950a86a20f9469cfc6c as a pickle of its own. */
const MAGIC = 'long:6cfc9c46f9206aa85019';

/** Bytes of one element by storage class. Source: the torch storage classes. */
const ELEMENT_BYTES: Readonly<Record<string, number>> = {
  DoubleStorage: 8,
  FloatStorage: 4,
  HalfStorage: 2,
  BFloat16Storage: 2,
  LongStorage: 8,
  IntStorage: 4,
  ShortStorage: 2,
  CharStorage: 1,
  ByteStorage: 1,
  BoolStorage: 1,
  ComplexDoubleStorage: 16,
  ComplexFloatStorage: 8,
  QUInt8Storage: 1,
  QInt8Storage: 1,
  QInt32Storage: 4,
  QUInt4x2Storage: 1,
  QUInt2x4Storage: 1,
  UntypedStorage: 1,
};

/** A tensor storage that a torch stream refers to. */
export interface TorchStorage {
  readonly key: string;
  readonly type: string;
  readonly elements: number;
  readonly bytes: number;
}

/** True when a stream's result is the magic number of the legacy format. */
export function isLegacyMagic(result: Value | undefined): boolean {
  return result === MAGIC;
}

/** The storage behind a persistent id `("storage", torch.FloatStorage, key, location, elements, ...)`. */
export function torchStorage(id: Persistent['id']): TorchStorage | undefined {
  if (typeof id !== 'object' || id.kind !== 'tuple' || id.items[0] !== 'storage') return undefined;
  const [, type, key, , elements] = id.items;
  if (typeof key !== 'string' || typeof elements !== 'number' || elements < 0) return undefined;
  const name = typeof type === 'object' && type.kind === 'global' ? (type as Global).name : '';
  return { key, type: name, elements, bytes: elements * (ELEMENT_BYTES[name] ?? 1) };
}

/** The class behind a legacy persistent id `("module", class, source file, source text)`: torch only warns when the source differs. */
export function legacyModuleClass(id: Value): Global | undefined {
  if (typeof id !== 'object' || id.kind !== 'tuple' || id.items[0] !== 'module') return undefined;
  const [, type] = id.items;
  return typeof type === 'object' && type.kind === 'global' ? type : undefined;
}
