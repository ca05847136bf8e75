import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How long nothing may move on a connection while it is the client's turn. */
const IDLE_MS = 120_000;
/** How long a client that was answered before it had sent everything has to read the answer. */
const GRACE_MS = 1_000;

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Ends connections on which a client neither sends what it announced nor reads what it asked for. Why: without it, and without
 * a limit for whole uploads, anybody could hold as many connections as there are, for ever and without a credential.
 */
export function endIdleConnections(server: Server, idleMs = IDLE_MS): void {
  const exchanges = new WeakMap<Socket, Exchange>();
  server.on('request', (request, response) => {
    // Why now: a request whose body is given up has no socket later.
    const { socket } = request;
    exchanges.set(socket, { request, response });
    response.on('finish', () => {
      // Why: the rest of the body stands between this answer and the next request, and nobody reads it any more.
      const end = (): unknown => request.complete || socket.destroy();
      if (!request.complete) setTimeout(end, GRACE_MS).unref();
    });
  });
  const moved = new WeakMap<Socket, number>();
  server.setTimeout(idleMs / 2, (socket) => {
    const exchange = exchanges.get(socket);
    const bytes = socket.bytesRead + socket.bytesWritten;
    const ours = exchange !== undefined && isOurTurn(exchange, socket);
    // Why twice half the time: after a pause of this whole process the timer fires before the bytes that wait are read.
    if (!ours && moved.get(socket) === bytes) return void socket.destroy();
    if (ours) moved.delete(socket);
    else moved.set(socket, bytes);
    // Why set again: the time runs only from the last byte, and no byte may come for long.
    socket.setTimeout(idleMs / 2);
  });
}

/** Is it the server that has to go on: it has the request, or has not read all that came, and the client has what was written? */
function isOurTurn({ request, response }: Exchange, socket: Socket): boolean {
  if (response.writableFinished || socket.writableLength > 0) return false;
  return request.complete || request.readableLength > 0;
}
