import type { IncomingHttpHeaders } from 'node:http';
import { CordonError } from '../../core/errors.ts';
import { newId } from '../../store/ids.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { EventReader } from './event-reader.ts';
import type { McpContext } from './mcp-context.ts';
import { eventMessage, mediaType, messageOf } from './read-answer.ts';
import { serverHeaders, withinSession } from './upstream-headers.ts';

/** Asks a server something for the gateway itself, in the session of a client. Throws `upstream.failed` and `upstream.late`. */
export function askServer(context: McpContext, method: string, params: JsonObject): Promise<JsonObject> {
  const { server, session, exchange } = context;
  const id = `cordon-${newId()}`;
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
  return new Promise((settled, failed) => {
    const reader = new EventReader();
    const chunks: Buffer[] = [];
    let isStream = false;
    const take = (message: ReturnType<typeof eventMessage>): boolean => {
      if (message?.kind !== 'response' || message.id !== id) return false;
      if (isObject(message.body.result)) settled(message.body.result);
      else failed(new CordonError('upstream.failed', `the server does not answer ${method}`));
      return true;
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
        head(status: number, headers: IncomingHttpHeaders) {
          isStream = mediaType(headers['content-type']) === 'text/event-stream';
          if (status === 200) return;
          sending.abort();
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
  });
}

/** Answers a request of the server in place of the client; whether it arrives is the server's affair. */
export function replyToServer({ server, session, exchange }: McpContext, body: Buffer): void {
  const nothing = (): void => undefined;
  server.send(
    { method: 'POST', headers: withinSession(serverHeaders('POST', exchange.request.headers), session), body },
    { head: nothing, data: () => true, end: nothing, error: nothing },
  );
}
