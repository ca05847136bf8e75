import type { ArrayDtype, Made, Value } from './values.ts';

/** Bit of a dtype's flags that says "holds Python objects". Source: numpy NPY_ITEM_HASOBJECT. */
const HAS_OBJECT = 0x01;
/** Where the flags stand in the state tuple of a dtype. */
const FLAGS_INDEX = 7;

/** The object that a call leaves when nothing more is known of it. */
export function made(callee: Value, args: Value): Made {
  if (typeof callee !== 'object' || callee.kind !== 'global') return { kind: 'made', by: undefined };
  if (callee.name === 'dtype' && callee.module.startsWith('numpy') && typeof args === 'object' && args.kind === 'tuple') {
    const code = args.items[0];
    if (typeof code === 'string') return { kind: 'made', by: callee, dtype: { code, hasObject: /^[<>|=]?O/.test(code) } };
  }
  return { kind: 'made', by: callee };
}

/** Takes from the state of a dtype what its code does not tell. */
export function noteDtypeState(object: Value, state: Value): void {
  if (typeof object !== 'object' || object.kind !== 'made' || object.dtype === undefined) return;
  if (typeof state !== 'object' || state.kind !== 'tuple') return;
  const flags = state.items[FLAGS_INDEX];
  if (typeof flags === 'number' && (flags & HAS_OBJECT) !== 0) object.dtype.hasObject = true;
}

/** Bytes of one array item, or undefined for a dtype that has no fixed known size. */
export function itemSize(dtype: ArrayDtype): number | undefined {
  const match = /^[<>|=]?([?a-zA-Z])(\d*)(\[\w+\])?$/.exec(dtype.code);
  if (match === null) return undefined;
  const [, type, digits] = match;
  const count = digits === '' ? undefined : Number(digits);
  if (type === 'U') return (count ?? 0) * 4;
  if (type === 'M' || type === 'm') return 8;
  return count ?? (type === '?' ? 1 : undefined);
}
