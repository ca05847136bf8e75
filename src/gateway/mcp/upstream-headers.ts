import type { IncomingHttpHeaders } from 'node:http';
import { CordonError } from '../../core/errors.ts';
import type { McpSession } from './mcp-session.ts';

const VERSION = /^\d{4}-\d{2}-\d{2}$/;
const EVENT_ID = /^[\x20-\x7e]{1,1024}$/;

/**
 * What a server gets to see of a client: the version of the protocol and where a stream broke off. Everything else is the gateway's.
 * Throws `request.invalid`.
 */
export function serverHeaders(method: string, headers: IncomingHttpHeaders): Record<string, string> {
  const sent: Record<string, string> = {
    accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
  };
  if (method === 'POST') sent['content-type'] = 'application/json';
  const { 'mcp-protocol-version': version, 'last-event-id': last } = headers;
  if (version !== undefined) {
    if (typeof version !== 'string' || !VERSION.test(version))
      throw new CordonError('request.invalid', 'mcp-protocol-version must be a date');
    sent['mcp-protocol-version'] = version;
  }
  if (method === 'GET' && last !== undefined) {
    if (typeof last !== 'string' || !EVENT_ID.test(last)) throw new CordonError('request.invalid', 'last-event-id is not one');
    sent['last-event-id'] = last;
  }
  return sent;
}

/** Headers of a request within a session, under the name that the server gave it. */
export function withinSession(headers: Readonly<Record<string, string>>, { upstreamId, version }: McpSession): Record<string, string> {
  return {
    ...headers,
    ...(version !== undefined && { 'mcp-protocol-version': version }),
    ...(upstreamId !== undefined && { 'mcp-session-id': upstreamId }),
  };
}
