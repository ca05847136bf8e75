import { Agent, type Dispatcher, request } from 'undici';
import { lookupPublic } from '../../remote/address.ts';

/** Connections to one origin. Names are checked when they are dialled, because they may lead elsewhere by then. */
export function connect(publicOnly: boolean, timeoutMs: number): Agent {
  return new Agent({
    connect: { timeout: timeoutMs, ...(publicOnly && { lookup: lookupPublic }) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
}

/** A POST, as it is: redirects are answers like any other. */
export function send(
  url: string,
  dispatcher: Agent,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  return request(url, {
    method: 'POST',
    dispatcher,
    headers: { ...headers, 'user-agent': 'cordon', 'accept-encoding': 'identity' },
    body,
    signal,
  });
}
