import { OBJECT_ID } from '../engine/gateway/objects/objects.ts';
import type { Exchange } from './exchange/exchange.ts';
import { cancelResponse, deleteCompletion, deleteResponse, getCompletion, getResponse, listInputItems } from './stored/responses.ts';

/** Answers a request about what a provider keeps. `id` is empty for routes without one. */
export type StoredHandler = (exchange: Exchange, id: string) => Promise<void>;

/** A route that a request was found to be for. */
export interface StoredRoute {
  /** As limits, permissions and records name it. */
  readonly pattern: string;
  run(exchange: Exchange): Promise<void>;
}

const ROUTES: readonly (readonly [method: string, pattern: string, handler: StoredHandler])[] = [
  ['GET', '/v1/responses/{id}', getResponse],
  ['DELETE', '/v1/responses/{id}', deleteResponse],
  ['POST', '/v1/responses/{id}/cancel', cancelResponse],
  ['GET', '/v1/responses/{id}/input_items', listInputItems],
  ['GET', '/v1/chat/completions/{id}', getCompletion],
  ['DELETE', '/v1/chat/completions/{id}', deleteCompletion],
];

const COMPILED = ROUTES.map(([method, pattern, handler]) => ({ method, pattern, handler, parts: pattern.split('/') }));

/** The route of a request; undefined: there is none. Ids are taken as they are written, and only if nothing in them is special. */
export function storedRoute(method: string | undefined, path: string): StoredRoute | undefined {
  const parts = path.split('/');
  for (const route of COMPILED) {
    if (route.method !== method || route.parts.length !== parts.length) continue;
    let id = '';
    const fits = route.parts.every((part, at) => {
      if (part !== '{id}') return part === parts[at];
      id = parts[at]!;
      return OBJECT_ID.test(id);
    });
    if (fits) return { pattern: route.pattern, run: (exchange) => route.handler(exchange, id) };
  }
  return undefined;
}
