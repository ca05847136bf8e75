import type { IncomingHttpHeaders } from 'node:http';
import { CordonError } from '../../core/errors.ts';
import { writeJson } from '../../formats/exact-json/write-json.ts';
import { newId } from '../../store/ids.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { EventReader } from './event-reader.ts';
import type { McpContext } from './mcp-context.ts';
import type { RpcId, RpcMessage } from './message.ts';
import { eventMessage, mediaType, messageOf } from './read-answer.ts';
import { serverHeaders, withinSession } from './upstream-headers.ts';

/** A request of the gateway to a server. */
export interface ServerRequest {
  readonly id: RpcId;
  readonly method: string;
  readonly params: JsonObject;
  /** Takes messages that come with the answer; left out: they are dropped. */
  readonly others?: (message: RpcMessage) => void;
  /** Ends it: the reason is an error. */
  readonly signal?: AbortSignal;
}

/** The response of a server, error or not, with the headers that it came with. */
export interface ServerResponse {
  readonly message: Extract<RpcMessage, { kind: 'response' }>;
  readonly headers: IncomingHttpHeaders;
}

/** Sends a request to a server and waits for the response. Throws `upstream.failed` and `upstream.late`. */
export function requestServer(context: McpContext, { id, method, params, others, signal }: ServerRequest): Promise<ServerResponse> {
  const { server, session, exchange } = context;
  const body = Buffer.from(writeJson({ jsonrpc: '2.0', id, method, params }));
  return new Promise((settled, failed) => {
    const reader = new EventReader();
    const chunks: Buffer[] = [];
    let isStream = false;
    let headers: IncomingHttpHeaders = {};
    const take = (message: RpcMessage | undefined | null): boolean => {
      if (message === undefined || message === null) return false;
      if (message.kind === 'response' && message.id === id) {
        settled({ message, headers });
        return true;
      }
      others?.(message);
      return false;
    };
    const guarded = (work: () => void): void => {
      try {
        work();
      } catch (error) {
        sending.abort();
        failed(error as Error);
      }
    };
    const sending = server.send(
      { method: 'POST', headers: withinSession(serverHeaders('POST', exchange.request.headers), session), body },
      {
        head(status, head) {
          headers = head;
          isStream = mediaType(head['content-type']) === 'text/event-stream';
          if (status === 200) return;
          sending.abort();
          if (status === 404 && session.upstreamId !== undefined) context.outward?.lost();
          failed(new CordonError('upstream.failed', `the server answers ${method} with status ${status}`));
        },
        data(chunk) {
          if (!isStream) chunks.push(chunk);
          else
            guarded(() => {
              if (reader.push(chunk).some((event) => take(eventMessage(event)))) sending.abort();
            });
          return true;
        },
        end: () =>
          guarded(() => {
            if (!isStream) take(messageOf(Buffer.concat(chunks)));
            failed(new CordonError('upstream.failed', `the server does not answer ${method}`));
          }),
        error: failed,
      },
    );
    const stop = (): void => {
      sending.abort();
      failed(signal?.reason as Error);
    };
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}

/** Asks a server something for the gateway itself, in the session of a client. Throws `upstream.failed` and `upstream.late`. */
export async function askServer(context: McpContext, method: string, params: JsonObject): Promise<JsonObject> {
  const { message } = await requestServer(context, { id: `cordon-${newId()}`, method, params });
  if (isObject(message.body.result)) return message.body.result;
  throw new CordonError('upstream.failed', `the server does not answer ${method}`);
}

/**
 * Sends an answer in place of the client, or a notification. Settles when it arrived or did not, which is the server's affair, and at the
 * latest when `signal` says so.
 */
export function replyToServer({ server, session, exchange }: McpContext, body: Buffer, signal?: AbortSignal): Promise<void> {
  return new Promise((over) => {
    const sending = server.send(
      { method: 'POST', headers: withinSession(serverHeaders('POST', exchange.request.headers), session), body },
      { head: () => undefined, data: () => true, end: () => over(), error: () => over() },
    );
    const stop = (): void => {
      sending.abort();
      over();
    };
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop, { once: true });
  });
}
