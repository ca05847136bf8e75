import { Places } from '../places/places.ts';
import type { RequestView } from '../protocol.ts';

/** The request of an answer that is looked at again: nothing is known of it. */
export const NO_REQUEST: RequestView = {
  model: '',
  stream: false,
  places: new Places(),
  choices: 1,
  maxOutputTokens: 0,
  tools: [],
  events: [],
};
