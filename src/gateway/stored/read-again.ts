import { CordonError } from '../../core/errors.ts';
import { integer } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import type { Protocol } from '../protocol.ts';

/** Why: what it says so far may be the beginning of what would be replaced in the whole. */
const UNFINISHED: ReadonlySet<unknown> = new Set(['in_progress', 'queued']);

/**
 * How something that a provider keeps is read again, by its id: looking costs nothing; what is not complete shows no text yet; a stream is
 * looked at from its beginning, and passed on from behind the event `after`. Why so: half of a secret is none for any detector.
 */
export function readAgain(protocol: Protocol, id: string, after: number | undefined): Protocol {
  return {
    ...protocol,
    reply(body) {
      requireSame(body, id);
      const isUnfinished = UNFINISHED.has(body.status);
      if (isUnfinished) {
        body.output = [];
        delete body.output_text;
      }
      return { ...protocol.reply(body), usage: undefined, isChanged: isUnfinished };
    },
    stream() {
      const reading = protocol.stream();
      const read = reading.read.bind(reading);
      reading.read = (event, json) => {
        if (isObject(json?.response)) requireSame(json.response, id);
        const { usage: _, ...view } = read(event, json);
        return { ...view, isKnown: after !== undefined && (integer(json?.sequence_number) ?? Infinity) <= after };
      };
      return reading;
    },
  };
}

/** Why: an answer about another one may be about somebody else's. */
function requireSame(body: JsonObject, id: string): void {
  if (body.id !== id) throw new CordonError('upstream.failed', 'the model provider answered about something else');
}
