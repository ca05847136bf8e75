import { CordonError } from '../../core/errors.ts';
import { subjectOf, type Stop } from '../../engine/gateway/defence/stop.ts';
import type { Exchange } from './exchange.ts';

/** What stops an exchange by all that is known of it. A tool of an MCP server goes by its name alone as well. */
export function stopOf({ services, call, session, tool }: Exchange): Stop | undefined {
  const { switches } = services;
  const found = switches.stopped(subjectOf(call, session, tool));
  return found ?? (tool === undefined ? undefined : switches.stopped({ tool: tool.slice(tool.indexOf('/') + 1) }));
}

/**
 * Throws `gateway.stopped` for an exchange that was stopped. Called right before anything is sent. Why once more: what was stopped while a
 * request was looked at has nobody else told.
 */
export function requireGoing(exchange: Exchange): void {
  if (stopOf(exchange) !== undefined) throw new CordonError('gateway.stopped', 'This was stopped by an operator.');
}
