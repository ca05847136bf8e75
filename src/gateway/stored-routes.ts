import { OBJECT_ID } from '../engine/gateway/objects/objects.ts';
import { cancelBatch, createBatch, getBatch } from './stored/batches.ts';
import { getFileContent } from './stored/file-content.ts';
import { deleteFile, getFile, refuseUpload, uploadFile } from './stored/files.ts';
import {
  cancelMessageBatch,
  createMessageBatch,
  deleteMessageBatch,
  getMessageBatch,
  getMessageResults,
} from './stored/message-batches.ts';
import { getMessageModel, getModel, listMessageModels } from './stored/models.ts';
import { listBatches, listFiles, listMessageBatches } from './stored/list-kept.ts';
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
  ['POST', '/v1/files', uploadFile],
  ['GET', '/v1/files', listFiles],
  ['GET', '/v1/files/{id}', getFile],
  ['DELETE', '/v1/files/{id}', deleteFile],
  ['GET', '/v1/files/{id}/content', getFileContent],
  ['POST', '/v1/batches', createBatch],
  ['GET', '/v1/batches', listBatches],
  ['GET', '/v1/batches/{id}', getBatch],
  ['POST', '/v1/batches/{id}/cancel', cancelBatch],
  ['GET', '/v1/models/{model}', getModel],
  ['GET', '/anthropic/v1/models', listMessageModels],
  ['GET', '/anthropic/v1/models/{model}', getMessageModel],
  ['POST', '/anthropic/v1/messages/batches', createMessageBatch],
  ['GET', '/anthropic/v1/messages/batches', listMessageBatches],
  ['GET', '/anthropic/v1/messages/batches/{id}', getMessageBatch],
  ['DELETE', '/anthropic/v1/messages/batches/{id}', deleteMessageBatch],
  ['POST', '/anthropic/v1/messages/batches/{id}/cancel', cancelMessageBatch],
  ['GET', '/anthropic/v1/messages/batches/{id}/results', getMessageResults],
  ['POST', '/v1/uploads', refuseUpload],
  ['POST', '/v1/uploads/{id}/parts', refuseUpload],
  ['POST', '/v1/uploads/{id}/complete', refuseUpload],
  ['POST', '/v1/uploads/{id}/cancel', refuseUpload],
];

const MODEL = /^[A-Za-z0-9][\w.:@/+-]{0,255}$/;
const COMPILED = ROUTES.map(([method, pattern, handler]) => ({ method, pattern, handler, parts: pattern.split('/') }));

/** The name of a model, in which clients write slashes as `%2F`; empty for one that cannot be read. It never becomes part of a path. */
function modelName(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}

/** The route of a request; undefined: there is none. Ids are taken as they are written, and only if nothing in them is special. */
export function storedRoute(method: string | undefined, path: string): StoredRoute | undefined {
  const parts = path.split('/');
  for (const route of COMPILED) {
    if (route.method !== method || route.parts.length !== parts.length) continue;
    let id = '';
    const fits = route.parts.every((part, at) => {
      if (part === '{id}') id = parts[at]!;
      else if (part === '{model}') id = modelName(parts[at]!);
      else return part === parts[at];
      return (part === '{id}' ? OBJECT_ID : MODEL).test(id);
    });
    if (fits) return { pattern: route.pattern, run: (exchange) => route.handler(exchange, id) };
  }
  return undefined;
}
