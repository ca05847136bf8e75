import { hash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { Agent, createServer, type IncomingMessage, request as ask, type RequestListener, type ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { CordonError } from '../../core/errors.ts';
import type { Logger } from '../../core/logger.ts';
import type { Owners } from '../../gateway/exchange/owners.ts';
import { isPassedOn } from '../../identity/certificates/vouched-name.ts';
import { Drain } from '../drain.ts';
import { headersToBringBack, headersToPassOn, takePassedOn } from './passed-on.ts';
import type { WorkerPlace } from './worker-link.ts';

/** File with the secret that workers know each other by. */
export const SECRET_FILE = 'secret';

/** {@link Owners} of a server of several processes, and the door by which the others come in. */
export interface OpenOwners extends Owners {
  /** Answers what other workers pass on. */
  listen(listener: RequestListener): Promise<void>;
  /** Takes nothing more, and waits for what is under way. */
  end(): Promise<void>;
}

/** What {@link openOwners} needs. */
export interface OwnersOptions {
  readonly place: WorkerPlace;
  /** Only this user may enter it; made by the process that starts the workers. */
  readonly folder: string;
  readonly log: Logger;
}

/** Why so much: a client may send 32 KiB, and what is told of it comes on top. */
const MAX_HEADERS = 128 * 1024;

/** Opens the ways to the other workers. */
export async function openOwners({ place, folder, log }: OwnersOptions): Promise<OpenOwners> {
  const secret = (await readFile(join(folder, SECRET_FILE), 'utf8')).trim();
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity, maxFreeSockets: 1_024 });
  let drain: Drain | undefined;

  return {
    elsewhere(name) {
      if (place.count === 1) return undefined;
      // Why with the secret: nobody outside chooses the process that has the work.
      const owner = Number.parseInt(hash('sha256', `${secret}\0${name}`).slice(0, 12), 16) % place.count;
      return owner === place.number ? undefined : owner;
    },
    passOn: (owner, request, response, body) => passOn({ path: socketOf(folder, secret, owner), agent, secret }, request, response, body),
    async listen(listener) {
      const server = createServer({ maxHeaderSize: MAX_HEADERS, requestTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
        if (takePassedOn(request, secret)) return listener(request, response);
        log.warn({}, 'somebody who is no worker came by the way of the workers');
        response.writeHead(403, { connection: 'close' }).end();
      });
      server.timeout = 0;
      // Why: a worker that cannot answer clients ends.
      server.unref();
      drain = new Drain(server);
      const path = socketOf(folder, secret, place.number);
      // Why: a worker that was killed leaves it behind.
      if (process.platform !== 'win32') await rm(path, { force: true });
      await new Promise<void>((settled, failed) => {
        server.once('error', failed);
        // Why exclusive: otherwise all workers would take turns at it.
        server.listen({ path, exclusive: true }, settled);
      });
    },
    async end() {
      await drain?.end();
      agent.destroy();
    },
  };
}

interface Way {
  readonly path: string;
  readonly agent: Agent;
  readonly secret: string;
}

function socketOf(folder: string, secret: string, number: number): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${basename(folder)}-${hash('sha256', secret).slice(0, 32)}-${number}`;
  return join(folder, `${number}.sock`);
}

function passOn({ path, agent, secret }: Way, request: IncomingMessage, response: ServerResponse, body: Buffer | undefined): Promise<void> {
  if (isPassedOn(request)) throw new CordonError('internal.bug', 'a request was passed on twice');
  return new Promise((settled, failed) => {
    const headers = headersToPassOn(request, secret, body?.length);
    const there = ask({ socketPath: path, agent, method: request.method, path: request.url, headers });
    const unreachable = (cause: Error): void => {
      request.unpipe(there);
      if (response.headersSent) {
        response.destroy();
        return settled();
      }
      failed(new CordonError('gateway.unavailable', 'The process that knows this session does not answer. Try again.', { cause }));
    };
    there.on('error', unreachable);
    there.on('response', (answer) => {
      if (response.destroyed) return void there.destroy();
      response.writeHead(answer.statusCode ?? 502, headersToBringBack(answer.rawHeaders));
      response.flushHeaders();
      answer.on('error', unreachable);
      answer.on('end', () => {
        // Why: what was not read of the body would be taken for the next request.
        if (!request.complete) request.unpipe().resume();
        settled();
      });
      answer.pipe(response);
    });
    response.on('close', () => {
      if (!response.writableFinished) there.destroy();
      settled();
    });
    if (body === undefined) request.pipe(there);
    else there.end(body);
  });
}
