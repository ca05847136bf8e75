import { CordonError } from '../../core/errors.ts';
import { integer, objectsOf, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';

/** Why: more calls than any answer has. */
const MOST_CALLS = 1_024;

/** A tool call, as far as it has come. */
export interface CollectedCall {
  id: string;
  name: string;
  arguments: string;
}

/** The tool calls of a streamed chat, which may come mixed. */
export class CollectedCalls {
  readonly list: CollectedCall[] = [];
  /** Position in the list by the index in the chunks. */
  readonly #at = new Map<number, number>();

  /** Takes the pieces of one chunk. Throws `upstream.failed` for too many calls. */
  add(pieces: unknown): void {
    for (const piece of objectsOf(pieces)) this.#collect(piece);
  }

  /** Some servers give every call the same index: another id begins another call. */
  #collect(call: JsonObject): void {
    const index = integer(call.index) ?? 0;
    const called = isObject(call.function) ? call.function : {};
    const id = string(call.id);
    const known = this.list[this.#at.get(index) ?? -1];
    if (known === undefined || (id !== '' && known.id !== '' && known.id !== id)) {
      if (this.list.length >= MOST_CALLS) throw new CordonError('upstream.failed', 'the model provider sent too many tool calls');
      this.#at.set(index, this.list.length);
      this.list.push({ id, name: string(called.name), arguments: string(called.arguments) });
      return;
    }
    if (known.id === '') known.id = id;
    known.name += string(called.name);
    known.arguments += string(called.arguments);
  }
}
