import { type Global, NONE, OPAQUE, qualifiedName, type Tuple, type Value } from '../../formats/pickle/values.ts';
import type { Analysis } from './analysis.ts';
import { classify } from './classify.ts';
import { REBUILD_FUNCTIONS } from './known-packages.ts';

/** Text encodings under which bytes stay what they are. Why: others (rot13, hex) turn a harmless text into a hidden name. */
const PLAIN_ENCODINGS: ReadonlySet<string> = new Set(['latin1', 'latin-1', 'utf-8', 'utf8', 'ascii', 'raw_unicode_escape']);

/**
 * Calls of inert names whose effect hangs on their arguments: attribute access, generic constructors, loaders of nested bytes.
 * Returns what is known of the result.
 */
export function callSpecial(analysis: Analysis, callee: Global, args: Value, offset: number): Value | undefined {
  const name = qualifiedName(callee);
  const items: readonly Value[] = typeof args === 'object' && args.kind === 'tuple' ? args.items : [];
  switch (name) {
    case 'builtins.getattr':
      return getAttribute(analysis, items, offset);
    case 'builtins.type':
      if (items.length !== 1) analysis.observe('pickle.dangerous-call', name, 'makes a new class with builtins.type', offset);
      return undefined;
    case '_codecs.encode':
      return encode(analysis, items, offset);
    case 'operator.attrgetter':
    case 'operator.methodcaller':
      if (items.some((item) => typeof item !== 'string' || item.includes('__'))) {
        analysis.observe('pickle.dangerous-call', name, `${name} reaches a special attribute`, offset);
      }
      return undefined;
    case 'copyreg._reconstructor':
    case 'copyreg.__newobj__':
    case 'copyreg.__newobj_ex__': {
      const [made, ...rest] = items;
      if (made === undefined) return OPAQUE;
      return analysis.call(made, tuple(rest), 'NEWOBJ', offset) ?? madeBy(made);
    }
    case 'numpy.core._ufunc_reconstruct':
    case 'numpy._core._ufunc_reconstruct':
      return importByName(analysis, items, offset);
    case 'torch.storage._load_from_bytes':
      return loadFromBytes(analysis, items, offset);
    default:
      if (REBUILD_FUNCTIONS.has(name)) callFunctionsAmong(analysis, items, offset);
      return undefined;
  }
}

/** `getattr` on an imported object is an import of a longer name; on anything else the result is unknown. */
function getAttribute(analysis: Analysis, [object, attribute]: readonly Value[], offset: number): Value {
  if (typeof attribute !== 'string') {
    analysis.observe('pickle.computed-name', 'getattr', 'reads an attribute whose name is computed while loading', offset);
    return OPAQUE;
  }
  if (/^__\w+__$/.test(attribute)) {
    analysis.observe('pickle.dangerous-call', `getattr.${attribute}`, `reads the special attribute ${attribute}`, offset);
    return OPAQUE;
  }
  if (typeof object !== 'object' || object.kind !== 'global') return OPAQUE;
  const global: Global = { kind: 'global', module: object.module, name: `${object.name}.${attribute}` };
  analysis.import(global, offset);
  return global;
}

function encode(analysis: Analysis, [text, encoding]: readonly Value[], offset: number): Value {
  if (typeof encoding !== 'string' || !PLAIN_ENCODINGS.has(encoding.toLowerCase())) {
    analysis.observe(
      'pickle.computed-name',
      '_codecs.encode',
      `decodes text with ${typeof encoding === 'string' ? encoding.slice(0, 40) : 'a computed codec'}`,
      offset,
    );
    return OPAQUE;
  }
  if (typeof text !== 'object' || text.kind !== 'text')
    return typeof text === 'string' ? { kind: 'bytes', offset, length: text.length } : OPAQUE;
  analysis.payload({ offset: text.offset, length: text.length, encoding: 'latin1' });
  return { kind: 'bytes', offset: text.offset, length: text.length };
}

function importByName(analysis: Analysis, [module, name]: readonly Value[], offset: number): Value {
  if (typeof module !== 'string' || typeof name !== 'string') {
    analysis.observe('pickle.computed-name', '_ufunc_reconstruct', 'imports a name that is computed while loading', offset);
    return OPAQUE;
  }
  const global: Global = { kind: 'global', module, name };
  analysis.import(global, offset);
  return global;
}

/** The nested bytes are scanned as a file of their own, so they must stand in the stream. */
function loadFromBytes(analysis: Analysis, [bytes]: readonly Value[], offset: number): undefined {
  if (typeof bytes === 'object' && bytes.kind === 'bytes') {
    analysis.payload({ offset: bytes.offset, length: bytes.length, encoding: 'bytes' });
    return undefined;
  }
  analysis.observe(
    'pickle.bytes-loader',
    'torch.storage._load_from_bytes',
    'torch.storage._load_from_bytes loads bytes that are computed while loading',
    offset,
  );
  return undefined;
}

/** Why: functions that rebuild objects take classes and other rebuilders, and call what they are given. */
function callFunctionsAmong(analysis: Analysis, items: readonly Value[], offset: number): void {
  for (const item of items) {
    if (typeof item !== 'object' || item.kind !== 'global') continue;
    const sort = classify(item);
    if (sort !== 'inert' && sort !== 'unknown-class') analysis.call(item, NONE, 'REDUCE', offset);
  }
}

function tuple(items: readonly Value[]): Tuple {
  return { kind: 'tuple', items, length: items.length, weight: 1 };
}

function madeBy(value: Value): Value {
  return typeof value === 'object' && value.kind === 'global' ? { kind: 'made', by: value } : OPAQUE;
}
