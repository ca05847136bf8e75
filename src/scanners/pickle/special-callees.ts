import { type CallVia } from '../../formats/pickle/events.ts';
import { type Bytes, type Global, NONE, OPAQUE, qualifiedName, type Tuple, type Value } from '../../formats/pickle/values.ts';
import type { Analysis } from './analysis.ts';
import { KERAS_UNPICKLER } from './classify.ts';
import { isCallable } from './construction.ts';
import { REBUILD_FUNCTIONS } from './rebuild-functions.ts';

/** Text encodings under which bytes stay what they are. Why: others (rot13, hex) turn a harmless text into a hidden name. */
const PLAIN_ENCODINGS: ReadonlySet<string> = new Set(['latin1', 'latin-1', 'utf-8', 'utf8', 'ascii', 'raw_unicode_escape']);

/** A call of an inert name whose effect hangs on its arguments. */
interface Call {
  readonly analysis: Analysis;
  readonly callee: Global;
  readonly name: string;
  readonly items: readonly Value[];
  readonly offset: number;
}

/**
 * Calls of inert names whose effect hangs on their arguments: attribute access, generic constructors, loaders of nested bytes.
 * Returns what is known of the result.
 */
export function callSpecial(analysis: Analysis, callee: Global, args: Value, via: CallVia, offset: number): Value | undefined {
  const name = qualifiedName(callee);
  const items: readonly Value[] = typeof args === 'object' && args.kind === 'tuple' ? args.items : [];
  const call: Call = { analysis, callee, name, items, offset };
  const special = SPECIAL.get(name);
  if (special !== undefined) return special(call);
  if (callee.name.endsWith(`.${KERAS_UNPICKLER}`)) return loadContent(call, items[0], true);
  if (via !== 'NEWOBJ' && REBUILD_FUNCTIONS.has(name)) {
    // Why: functions that rebuild objects take classes and other rebuilders, and call what they are given.
    for (const item of items) if (isCallable(item)) analysis.call(item, NONE, 'REDUCE', offset);
  }
  return undefined;
}

/** True when what a call of this does hangs on its arguments. */
export function heedsArguments(callee: Global): boolean {
  const name = qualifiedName(callee);
  return SPECIAL.has(name) || REBUILD_FUNCTIONS.has(name);
}

/** True for objects that the whole program shares although a call returned them: what is written to them stays. */
export function isShared(object: Value): boolean {
  return typeof object === 'object' && object.kind === 'made' && object.by !== undefined && SHARED.has(qualifiedName(object.by));
}

const SHARED: ReadonlySet<string> = new Set(['logging.getLogger', 'builtins.type']);

type Special = (call: Call) => Value | undefined;

const SPECIAL: ReadonlyMap<string, Special> = new Map<string, Special>([
  ['builtins.getattr', getAttribute],
  ['builtins.type', typeOf],
  ['builtins.iter', (call) => refuse(call, call.items.length > 1, 'calls what it is given until it returns a value')],
  ['enum.Enum', makesClass],
  ['enum.Flag', makesClass],
  ['enum.IntEnum', makesClass],
  ['enum.IntFlag', makesClass],
  ['enum.StrEnum', makesClass],
  ['typing.NamedTuple', makesClass],
  ['_codecs.encode', encode],
  ['operator.attrgetter', reachesAttribute],
  ['operator.methodcaller', callsMethod],
  ['copyreg._reconstructor', reconstruct],
  ['copyreg.__newobj__', newObject],
  ['copyreg.__newobj_ex__', newObject],
  ['io.BytesIO', wrapBytes],
  ['_io.BytesIO', wrapBytes],
  ['dateutil.tz.tz.tzfile', (call) => refuse(call, isGiven(call.items[0]), 'opens a file')],
  ['numpy.core._ufunc_reconstruct', importByName],
  ['numpy._core._ufunc_reconstruct', importByName],
  ['numpy.random._pickle.__generator_ctor', callSecond],
  ['numpy.random._pickle.__randomstate_ctor', callSecond],
  ['numpy.random._pickle.__bit_generator_ctor', makeFirst],
  ['numpy.core.multiarray._reconstruct', makeFirst],
  ['numpy._core.multiarray._reconstruct', makeFirst],
  ['numpy.ma.core._mareconstruct', makeFirst],
  ['numpy.ma.mrecords._mrreconstruct', makeFirst],
  ['pandas.core.indexes.base._new_Index', makeFirst],
  ['pandas.indexes.base._new_Index', makeFirst],
  ['pandas.core.index._new_Index', makeFirst],
  ['pandas.tseries.index._new_DatetimeIndex', makeFirst],
  ['pandas.tseries.period._new_PeriodIndex', makeFirst],
  ['pandas.core.indexes.datetimes._new_DatetimeIndex', makeFirst],
  ['pandas.core.indexes.period._new_PeriodIndex', makeFirst],
  ['pandas.core.indexes.interval._new_IntervalIndex', makeFirst],
  ['torch.storage._load_from_bytes', (call) => loadContent(call, call.items[0], false)],
  ['torch._tensor._rebuild_from_type_v2', rebuildFromType],
  ['torch._tensor._rebuild_from_type', rebuildFromType],
  ['torch._utils._rebuild_from_type', rebuildFromType],
  ['torch._utils._rebuild_wrapper_subclass', makeFirst],
  ['jax._src.array._reconstruct_array', reconstructJaxArray],
  ['spacy.tokens.doc.unpickle_doc', (call) => loadContents(call, [call.items[1]])],
  ['spacy.vocab.unpickle_vocab', (call) => loadContents(call, call.items.slice(3))],
]);

function refuse({ analysis, name, items, offset }: Call, condition: boolean, what: string): undefined {
  if (!condition) return undefined;
  const evidence = items.slice(0, 4).flatMap((item) => (typeof item === 'string' ? [item.slice(0, 80)] : []));
  analysis.observe('pickle.dangerous-call', name, `${name} ${what}`, offset, evidence);
  return undefined;
}

function isGiven(value: Value | undefined): boolean {
  return value !== undefined && !(typeof value === 'object' && value.kind === 'none');
}

function makesClass(call: Call): undefined {
  return refuse(call, call.items.length !== 1, 'makes a new class');
}

/** The type of `None` and its like is data; that of any other object is a class of the program. */
function typeOf(call: Call): Value | undefined {
  if (call.items.length !== 1) return refuse(call, true, 'makes a new class');
  const [item] = call.items;
  const isPlain = typeof item === 'object' && (item.kind === 'none' || (item.kind === 'global' && item.module === 'builtins'));
  return isPlain ? { kind: 'made', by: call.callee } : OPAQUE;
}

function reachesAttribute(call: Call): undefined {
  return refuse(
    call,
    call.items.some((item) => typeof item !== 'string' || item.includes('__')),
    'reaches a special attribute',
  );
}

/** Made only to be called later, with a method that the sender chooses on whatever it is given. */
function callsMethod(call: Call): undefined {
  reachesAttribute(call);
  const [method] = call.items;
  const message = `makes a caller of the method ${typeof method === 'string' ? JSON.stringify(method.slice(0, 60)) : 'whose name is computed'}`;
  call.analysis.observe('pickle.unknown-reference', call.name, message, call.offset);
}

/** `_reconstructor(cls, base, state)`: makes the object without its constructor, then runs that of the base. */
function reconstruct(call: Call): Value {
  const [, base, state = NONE] = call.items;
  if (base !== undefined) call.analysis.call(base, tuple([state]), 'REDUCE', call.offset);
  return newObject({ ...call, items: call.items.slice(0, 1) });
}

function newObject({ analysis, items, offset }: Call): Value {
  const [made, ...rest] = items;
  if (made === undefined) return OPAQUE;
  return analysis.call(made, tuple(rest), 'NEWOBJ', offset) ?? madeBy(made);
}

/** The first argument is the class to make; the rest only fills it. */
function makeFirst(call: Call): undefined {
  const [type] = call.items;
  if (typeof type === 'object') call.analysis.call(type, tuple([]), 'NEWOBJ', call.offset);
  return undefined;
}

function callSecond({ analysis, items, offset }: Call): undefined {
  const [argument = NONE, constructor] = items;
  if (constructor !== undefined) analysis.call(constructor, tuple([argument]), 'REDUCE', offset);
  return undefined;
}

/** Calls its first argument with its third and gives the result its fourth as attributes. */
function rebuildFromType({ analysis, items, offset }: Call): undefined {
  const [rebuild, , args = NONE, state] = items;
  if (rebuild === undefined) return undefined;
  const result = analysis.call(rebuild, args, 'REDUCE', offset);
  if (result !== undefined && state !== undefined && isGiven(state)) analysis.build(result, state, offset);
  return undefined;
}

function reconstructJaxArray({ analysis, items, offset }: Call): undefined {
  const [rebuild, args = NONE, state] = items;
  if (rebuild === undefined) return undefined;
  const result = analysis.call(rebuild, args, 'REDUCE', offset);
  if (result !== undefined && state !== undefined && isGiven(state)) analysis.build(result, state, offset);
  return undefined;
}

/** `getattr` on an imported object is an import of a longer name; on anything else the result is unknown. */
function getAttribute({ analysis, items: [object, attribute], offset }: Call): Value {
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

function encode({ analysis, items: [text, encoding], offset }: Call): Value {
  if (typeof encoding !== 'string' || !PLAIN_ENCODINGS.has(encoding.toLowerCase())) {
    const codec = typeof encoding === 'string' ? encoding.slice(0, 40) : 'a computed codec';
    analysis.observe('pickle.computed-name', '_codecs.encode', `decodes text with ${codec}`, offset);
    return OPAQUE;
  }
  const isUtf8 = /utf/i.test(encoding);
  if (typeof text === 'string') {
    const content = isUtf8 ? Buffer.from(text).toString('latin1') : text;
    return { kind: 'bytes', offset, length: content.length, content };
  }
  if (typeof text !== 'object' || text.kind !== 'text') return OPAQUE;
  // Why at once: the text is no bytes object, so that nothing else looks into it.
  analysis.payload({ offset: text.offset, length: text.length, encoding: text.escaped ? 'escaped' : isUtf8 ? 'bytes' : 'latin1' });
  return { kind: 'bytes', offset: text.offset, length: text.length, content: '' };
}

function importByName({ analysis, items: [module, name], offset }: Call): Value {
  if (typeof module !== 'string' || typeof name !== 'string') {
    analysis.observe('pickle.computed-name', '_ufunc_reconstruct', 'imports a name that is computed while loading', offset);
    return OPAQUE;
  }
  const global: Global = { kind: 'global', module, name };
  analysis.import(global, offset);
  return global;
}

function wrapBytes({ analysis, callee, items: [content] }: Call): Value {
  const object: Value = { kind: 'made', by: callee };
  if (typeof content === 'object' && content.kind === 'bytes') analysis.contents.set(object, content);
  return object;
}

/** The nested bytes are scanned as a file of their own, so they must stand in the stream. */
function loadContent({ analysis, name, offset }: Call, value: Value | undefined, keras: boolean): undefined {
  const content = contentOf(analysis, value);
  if (content?.content === '') return undefined;
  if (content !== undefined) {
    const { offset: start, length, content: text } = content;
    analysis.payload({ offset: start, length, encoding: 'bytes', ...(keras && { keras }), ...(text !== undefined && { content: text }) });
  } else analysis.observe('pickle.bytes-loader', name, `${name} loads bytes that are computed while loading`, offset);
  return undefined;
}

function contentOf(analysis: Analysis, value: Value | undefined): Bytes | undefined {
  if (typeof value !== 'object') return undefined;
  return value.kind === 'bytes' ? value : analysis.contents.get(value);
}

/** Nested pickles among the arguments; what is no bytes object is not loaded. */
function loadContents(call: Call, values: readonly (Value | undefined)[]): undefined {
  for (const value of values) {
    if (typeof value === 'object' && ['bytes', 'opaque', 'lost'].includes(value.kind)) loadContent(call, value, false);
  }
  return undefined;
}

function tuple(items: readonly Value[]): Tuple {
  return { kind: 'tuple', items, length: items.length, weight: 1 };
}

function madeBy(value: Value): Value {
  return typeof value === 'object' && value.kind === 'global' ? { kind: 'made', by: value } : OPAQUE;
}
