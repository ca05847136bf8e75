import type { IncomingMessage, ServerResponse } from 'node:http';
import { mayRead } from '../../engine/registry/authorize.ts';
import type { RegistryContext } from '../../engine/registry/context.ts';
import type { Access } from '../http/access.ts';
import { hubAccess } from './hub-access.ts';
import { sendFileOn } from '../http/send-file.ts';
import { notePull } from './note-pull.ts';
import type { Served } from './served.ts';

/** Answers a request, or leaves it to others. */
export type QuickAnswer = (request: IncomingMessage, response: ServerResponse) => Promise<boolean> | false;

/**
 * Answers `HEAD` and `GET` of files that were served a moment ago, before any route is looked for: clients ask for the same files
 * again and again. Who asks, and whether they may read the repository, is found out each time; whatever is not plainly allowed, and
 * every error, is left to the routes.
 */
export function quickDownload(context: RegistryContext, access: Access, served: Served): QuickAnswer {
  const { authenticate } = hubAccess(access);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const principal = await authenticate(request.headers.authorization, request);
    if (principal === undefined) return false;
    const found = served.find(request, await context.store.changes(), context.now());
    if (found === undefined || !mayRead(principal, found.repository)) return false;
    if (request.method === 'GET') notePull(context, principal, found.repository, found.revision, request.headers['user-agent']);
    await sendFileOn(request, response, found.file, found.headers);
    return true;
  }

  return (request, response) => {
    if ((request.method !== 'HEAD' && request.method !== 'GET') || !served.has(request)) return false;
    // Why: such a request wants a description instead of the file.
    if (request.headers.accept?.includes('xet-fileinfo') === true) return false;
    return answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) return false;
      response.destroy(error instanceof Error ? error : undefined);
      return true;
    });
  };
}
