import type { Observation } from '../../core/finding.ts';
import type { CallVia, Oddity, PickleListener } from '../../formats/pickle/events.ts';
import { legacyModuleClass, type TorchStorage, torchStorage } from '../../formats/pickle/legacy-torch.ts';
import { type Global, OPAQUE, qualifiedName, type Value } from '../../formats/pickle/values.ts';
import { callSpecial } from './special-callees.ts';
import { classify, type NameClass } from './classify.ts';
import type { PickleRuleId } from './rules.ts';

export type PickleObservation = Observation<PickleRuleId>;

/** Distinct names and keys kept for one stream. Why: ordinary pickles name a few dozen; a hostile one could name millions. */
const KEPT_KEYS = 5000;

/** Bytes or text inside a stream that may be a nested pickle or archive. */
export interface Payload {
  readonly offset: number;
  readonly length: number;
  /** `latin1`: Latin-1 text stored as UTF-8, the way protocol 2 stores bytes. */
  readonly encoding: 'bytes' | 'latin1';
}

const NESTED_PAYLOADS = 1000;
const KEPT_STORAGES = 1_000_000;

/** Hears one stream and turns what it does into observations. */
export class Analysis implements PickleListener {
  readonly imports = new Map<string, NameClass>();
  readonly storages = new Map<string, TorchStorage>();
  readonly payloads: Payload[] = [];
  calls = 0;
  readonly #found = new Map<string, PickleObservation>();
  readonly #referred = new Map<string, { global: Global; offset: number }>();
  readonly #called = new Set<string>();

  /** All observations, references that were also called left out. */
  observations(): PickleObservation[] {
    const references = [...this.#referred]
      .filter(([name]) => !this.#called.has(name))
      .flatMap(([, { global, offset }]) => this.#reference(global, offset));
    return [...this.#found.values(), ...references];
  }

  import(global: Global, offset: number): void {
    const name = qualifiedName(global);
    if (this.imports.has(name) || this.imports.size >= KEPT_KEYS) return;
    this.imports.set(name, classify(global));
    this.#referred.set(name, { global, offset });
  }

  call(callee: Value, args: Value, via: CallVia, offset: number): Value | undefined {
    this.calls++;
    if (typeof callee !== 'object' || callee.kind !== 'global') {
      this.observe('pickle.computed-call', via, `${via} calls an object that was computed while loading`, offset);
      return OPAQUE;
    }
    const name = qualifiedName(callee);
    const sort = this.imports.get(name) ?? classify(callee);
    if (sort === 'inert') return callSpecial(this, callee, args, offset);
    this.#called.add(name);
    // Why: `__new__` of something that is no class fails, so that NEWOBJ never runs a function.
    const makes = via === 'NEWOBJ' || via === 'NEWOBJ_EX';
    if (makes && sort === 'known-function') return undefined;
    if (sort === 'danger') this.observe('pickle.dangerous-call', name, `calls ${name} (${via})`, offset, argumentsOf(args));
    else if (sort === 'code') this.observe('pickle.code-object', name, `makes code with ${name}`, offset);
    else if (sort === 'unknown-class' || makes) this.observe('pickle.unknown-class', name, `makes an object of ${name}`, offset);
    else this.observe('pickle.unknown-call', name, `calls ${name} (${via})`, offset, argumentsOf(args));
    return undefined;
  }

  build(object: Value, _state: Value, offset: number): void {
    if (typeof object !== 'object') return;
    if (object.kind === 'global')
      this.observe('pickle.attribute-write', qualifiedName(object), `overwrites attributes of ${qualifiedName(object)}`, offset);
    else if (object.kind === 'extension')
      this.observe('pickle.attribute-write', 'extension', 'overwrites attributes of an extension object', offset);
  }

  write(object: Value, opcode: string, offset: number): void {
    if (typeof object === 'object') {
      if (object.kind === 'made' && isContainerMaker(object.by)) return;
      // Lost and opaque objects were judged where they came from; a second pass keeps those that matter.
      if (object.kind === 'lost' || object.kind === 'opaque') return;
    }
    const key =
      typeof object === 'object' && object.kind === 'made' && object.by !== undefined ? qualifiedName(object.by) : describe(object);
    this.observe('pickle.item-write', key, `${opcode} on ${key}`, offset);
  }

  computedName(_module: Value, _name: Value, offset: number): void {
    this.imports.set('<computed>', 'danger');
    this.observe('pickle.computed-name', 'STACK_GLOBAL', 'imports a name that is not written in the file', offset);
  }

  extension(code: number, offset: number): void {
    this.imports.set(`<extension ${code}>`, 'danger');
    this.observe('pickle.extension-code', String(code), `loads extension code ${code}`, offset);
  }

  persistent(id: Value): Value | undefined {
    const storage = torchStorage(id);
    if (storage !== undefined && this.storages.size < KEPT_STORAGES) this.storages.set(storage.key, storage);
    return legacyModuleClass(id);
  }

  bytes(offset: number, length: number, head: Uint8Array): void {
    if (looksNested(head)) this.payload({ offset, length, encoding: 'bytes' });
  }

  /** Notes bytes that are scanned as a file of their own after the stream. */
  payload(payload: Payload): void {
    if (this.payloads.length < NESTED_PAYLOADS) this.payloads.push(payload);
  }

  oddity(kind: Oddity, detail: string, offset: number): void {
    if (kind === 'frame') this.observe('pickle.frame-mismatch', 'frame', detail, offset);
    else if (kind === 'memo-index') this.observe('pickle.huge-memo-index', 'memo', detail, offset);
    else if (kind === 'expansion') this.observe('pickle.expansion-bomb', 'expansion', detail, offset);
    else if (kind === 'protocol') this.observe('pickle.unusual-structure', kind, detail, offset);
  }

  /** Keeps the first observation for each rule and key. */
  observe(rule: PickleRuleId, key: string, message: string, offset: number, evidence: readonly string[] = []): void {
    const id = `${rule} ${key}`;
    if (this.#found.has(id) || this.#found.size >= KEPT_KEYS) return;
    const known = evidence.length === 0 ? {} : { evidence: { arguments: [...evidence] } };
    this.#found.set(id, { rule, key, message, at: { offset }, ...known });
  }

  #reference(global: Global, offset: number): PickleObservation[] {
    const name = qualifiedName(global);
    const sort = this.imports.get(name);
    const common = { key: name, at: { offset } };
    if (sort === 'danger') return [{ rule: 'pickle.dangerous-reference', message: `imports ${name}`, ...common }];
    if (sort === 'code') return [{ rule: 'pickle.code-object', message: `imports ${name}`, severity: 'high', ...common }];
    if (sort === 'unknown-function') return [{ rule: 'pickle.unknown-reference', message: `imports ${name}`, ...common }];
    if (sort === 'unknown-class')
      return [{ rule: 'pickle.unknown-reference', message: `imports the class ${name}`, severity: 'medium', ...common }];
    return [];
  }
}

/** Objects that take items by themselves: dict and list subclasses are classes, tensors and arrays come out of functions. */
function isContainerMaker(by: Global | undefined): boolean {
  if (by === undefined) return false;
  const last = by.name.slice(by.name.lastIndexOf('.') + 1);
  if (/Tensor$|Storage$|Parameter$|^ndarray$/.test(last)) return false;
  return CONTAINER_TYPES.has(last) || /^_*[A-Z]/.test(last) || last === '_reconstructor' || last === '__newobj__';
}

const CONTAINER_TYPES: ReadonlySet<string> = new Set(['dict', 'list', 'set', 'bytearray', 'deque', 'defaultdict', 'array', 'chain']);

/** The first bytes of a pickle, zip, gzip or ELF file. */
export function looksNested(head: Uint8Array): boolean {
  const [a, b, c, d] = head;
  if (a === 0x80) return b !== undefined && b >= 2 && b <= 5;
  if (a === 0x50 && b === 0x4b) return c === 3 && d === 4;
  if (a === 0x1f) return b === 0x8b;
  if (a === 0x7f) return b === 0x45 && c === 0x4c && d === 0x46;
  return a === 0x63 || a === 0x28 ? NAME_LINE.test(Buffer.from(head).toString('latin1')) : false;
}

const NAME_LINE = /^\(?[ci][A-Za-z_][\w.]*\n[A-Za-z_]/;

/** Short texts among the arguments of a call: what a reader wants to see first. Cut, so that no report carries a payload. */
function argumentsOf(args: Value): string[] {
  if (typeof args !== 'object' || args.kind !== 'tuple') return [];
  return args.items.slice(0, 4).map((item) => (typeof item === 'string' ? item.slice(0, 80) : describe(item)));
}

/** A word for a value that is not named. */
function describe(value: Value): string {
  if (typeof value !== 'object') return typeof value === 'number' ? String(value) : 'a text';
  if (value.kind === 'global') return qualifiedName(value);
  return value.kind === 'made' && value.by !== undefined ? `${qualifiedName(value.by)}()` : `<${value.kind}>`;
}
