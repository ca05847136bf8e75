const JSON_TYPE = /^application\/json(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i;
const STREAM_TYPE = /^text\/event-stream(?:[ \t]*;[ \t]*charset="?utf-8"?)?$/i;
const CHARSET = /;[ \t]*charset=(?!"?utf-8"?[ \t]*(?:;|$))/i;

/**
 * The content type of an answer as the client is told it. Why not what the provider says: a reader that took the bytes for another
 * encoding, or for a page, would read something else than the guard has.
 */
export function answerType(read: 'json' | 'stream' | 'text', told = ''): string {
  if (read === 'json') return JSON_TYPE.test(told) ? told : 'application/json';
  if (read === 'stream') return STREAM_TYPE.test(told) ? told : 'text/event-stream';
  return CHARSET.test(told) ? `${told.split(';', 1)[0]!.trim()}; charset=utf-8` : told;
}
