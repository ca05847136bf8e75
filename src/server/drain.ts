import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

/** How long requests under way may take once the server is told to stop. */
const DRAIN_MS = 30_000;

/** Ends a server without cutting requests that are under way. */
export class Drain {
  readonly #server: Server;
  /** Connections with the number of requests on them that are not answered. */
  readonly #connections = new Map<Socket, number>();
  #isEnding = false;

  constructor(server: Server) {
    this.#server = server;
    // Why another event: requests know the encrypted connection, and not the one below it.
    server.on(server instanceof TlsServer ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#connections.set(socket, 0);
      socket.on('close', () => this.#connections.delete(socket));
    });
    server.on('request', (request, response) => {
      const { socket } = request;
      this.#count(socket, 1);
      response.on('close', () => this.#count(socket, -1));
    });
  }

  /** Takes no more connections, ends those without a request, and waits for the others. */
  async end(): Promise<void> {
    this.#isEnding = true;
    const closed = new Promise<void>((settled) => this.#server.close(() => settled()));
    this.#server.closeIdleConnections();
    // Why these too: a connection on which nothing was asked yet is not idle to Node, and clients open some ahead.
    for (const [socket, requests] of this.#connections) if (requests === 0) socket.destroy();
    const timer = setTimeout(() => this.#server.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(timer);
  }

  #count(socket: Socket, by: number): void {
    const requests = this.#connections.get(socket);
    if (requests === undefined) return;
    this.#connections.set(socket, requests + by);
    if (this.#isEnding && requests + by === 0) socket.end();
  }
}
