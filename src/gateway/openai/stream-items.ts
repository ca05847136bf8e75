import { CordonError } from '../../core/errors.ts';
import { integer } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';

/** Why: no response has more items, or parts in one, and each is remembered. */
const MOST = 1_024;
const ITEM_ID = /^[\w.:|/+=-]{1,256}$/;
const NONE = 'none';

/**
 * Which text of a response an event goes on with. Clients put pieces together by the place of an item, by its id, or by both; so a place
 * and an id belong together for a whole stream, and what one event leaves out and nobody knows all others leave out as well. Anything else
 * would be one text for some clients and another for those who guard it. Throws `upstream.failed`.
 */
export class StreamItems {
  /** Ids by place and places by id, of pieces; and of whole items. */
  readonly #pieces = new Pairs();
  readonly #items = new Pairs();
  /** In which way pieces of a text say what they are of. */
  readonly #ways = new Map<string, string>();
  #begun = 0;
  readonly #begunParts = new Map<string, number>();

  /**
   * The place of the item that a piece of a text of this kind is of. What the event leaves out and the item said when it began is put in;
   * `changed` says whether it was.
   */
  ofPiece(event: JsonObject, kind: string): { readonly item: number; readonly changed: boolean } {
    const told = named(event.output_index, event.item_id);
    const at = told.at === NONE ? (this.#items.placeOf(told.id) ?? NONE) : told.at;
    const id = told.id === NONE && at !== NONE ? (this.#items.idAt(at) ?? NONE) : told.id;
    const known = at === NONE ? undefined : this.#items.idAt(at);
    if ((known ?? id) !== id || (id !== NONE && at !== NONE && (this.#items.placeOf(id) ?? at) !== at)) throw mixed();
    this.#pieces.add(at, id);
    this.#sameWay(`${kind}/item`, `${at === NONE} ${id === NONE}`);
    const changed = at !== told.at || id !== told.id;
    if (changed) Object.assign(event, { output_index: at, item_id: id.slice(1) });
    return { item: at === NONE ? 0 : at, changed };
  }

  /** The place of the item that an event is about which repeats what was said, or says that it is over. */
  about(event: JsonObject): number {
    const { at, id } = named(event.output_index, event.item_id);
    return at === NONE ? (this.#items.placeOf(id) ?? 0) : at;
  }

  /** The place of a whole item. */
  ofItem(event: JsonObject, item: JsonObject): number {
    const { at, id } = named(event.output_index, item.id);
    this.#items.add(at, id);
    return at === NONE ? 0 : at;
  }

  /** The part of an item that a piece of text, or a part, is of. `text` names the kind of text and its item. */
  partOf(event: JsonObject, text: string): number {
    const content = placeOf(event.content_index);
    const summary = placeOf(event.summary_index);
    if (content !== undefined && summary !== undefined) throw mixed();
    const part = content ?? summary;
    this.#sameWay(text, `${part === undefined}`);
    return part ?? 0;
  }

  /** The part that an event is about which repeats what was said. */
  aboutPart(event: JsonObject): number {
    return placeOf(event.content_index) ?? placeOf(event.summary_index) ?? 0;
  }

  /** An item, or a part of one, begins. Why in order: clients append it, wherever it says that it stands. */
  begins(place: number, hasText: boolean, item?: number): void {
    const next = item === undefined ? this.#begun : (this.#begunParts.get(`${item}`) ?? 0);
    if (hasText && place !== next) throw mixed();
    if (item === undefined) this.#begun++;
    else if (this.#begunParts.size < MOST) this.#begunParts.set(`${item}`, next + 1);
  }

  #sameWay(text: string, way: string): void {
    if ((this.#ways.get(text) ?? way) !== way) throw mixed();
    // Why: texts are bounded by places and kinds, and kinds come from the model server.
    if (this.#ways.size >= 4 * MOST) throw new CordonError('upstream.failed', 'the model provider sent too many texts');
    this.#ways.set(text, way);
  }
}

/** Places and ids that belong together, each to one other only. */
class Pairs {
  readonly #ids = new Map<number | typeof NONE, string>();
  readonly #places = new Map<string, number | typeof NONE>();

  add(at: number | typeof NONE, id: string): void {
    if ((this.#ids.get(at) ?? id) !== id || (this.#places.get(id) ?? at) !== at) throw mixed();
    if (this.#ids.size >= MOST) throw new CordonError('upstream.failed', 'the model provider sent too many items');
    this.#ids.set(at, id);
    this.#places.set(id, at);
  }

  idAt(at: number | typeof NONE): string | undefined {
    return this.#ids.get(at);
  }

  placeOf(id: string): number | undefined {
    const at = this.#places.get(id);
    return at === NONE ? undefined : at;
  }
}

function named(index: unknown, id: unknown): { at: number | typeof NONE; id: string } {
  if (id !== undefined && id !== null && (typeof id !== 'string' || !ITEM_ID.test(id)))
    throw new CordonError('upstream.failed', 'the model provider sent an item with an id that is none');
  return { at: placeOf(index) ?? NONE, id: typeof id === 'string' ? `#${id}` : NONE };
}

/** A place in a list; undefined: none is named. Why nothing else: what stands elsewhere for every reader is not one text. */
function placeOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  const place = integer(value);
  if (place === undefined || place >= MOST)
    throw new CordonError('upstream.failed', 'the model provider sent an item in a place that is none');
  return place;
}

function mixed(): CordonError {
  return new CordonError('upstream.failed', 'the model provider sent pieces of which nobody can say what they are of');
}

/** A text that an item has when it begins, and that pieces go on with. */
export interface BeginningText {
  readonly holder: JsonObject;
  readonly field: string;
  /** Part of the item; the name of the text as in the events about it. */
  readonly part: number;
  readonly kind: string;
}

const OF_PART: Readonly<Record<string, readonly [field: string, kind: string]>> = {
  output_text: ['text', 'output_text'],
  text: ['text', 'output_text'],
  refusal: ['refusal', 'refusal'],
  reasoning_text: ['text', 'reasoning_text'],
  summary_text: ['text', 'reasoning_summary_text'],
};
const OF_CALL: Readonly<Record<string, readonly [field: string, kind: string]>> = {
  function_call: ['arguments', 'function_call_arguments'],
  mcp_call: ['arguments', 'mcp_call_arguments'],
  custom_tool_call: ['input', 'custom_tool_call_input'],
  code_interpreter_call: ['code', 'code_interpreter_call_code'],
};

/** The texts of an item or part that begins. */
export function beginningTexts(begun: JsonObject, part = 0): readonly BeginningText[] {
  const found: BeginningText[] = [];
  const take = (holder: JsonObject, at: number, [field, kind]: readonly [string, string]): void => {
    if (typeof holder[field] === 'string' && holder[field] !== '') found.push({ holder, field, part: at, kind });
  };
  const type = typeof begun.type === 'string' ? begun.type : '';
  if (Object.hasOwn(OF_PART, type)) take(begun, part, OF_PART[type]!);
  if (Object.hasOwn(OF_CALL, type)) take(begun, 0, OF_CALL[type]!);
  for (const field of ['content', 'summary']) {
    const parts = begun[field];
    if (!Array.isArray(parts)) continue;
    for (const [at, one] of (parts as unknown[]).entries())
      if (isObject(one) && typeof one.type === 'string' && Object.hasOwn(OF_PART, one.type)) take(one, at, OF_PART[one.type]!);
  }
  return found;
}
