import { CordonError } from '../../core/errors.ts';
import { subjectOf, type Stop, type StopKind } from '../../engine/gateway/defence/stop.ts';
import type { Exchange } from './exchange.ts';

/** What stops an exchange by all that is known of it. A tool of an MCP server goes by its name alone as well. */
export function stopOf({ services, call, session, tool, offered }: Exchange): Stop | undefined {
  const { switches } = services;
  const found = switches.stopped(subjectOf(call, session, tool));
  if (found !== undefined) return found;
  if (tool !== undefined) return switches.stopped({ tool: tool.slice(tool.indexOf('/') + 1) });
  return (
    stopIn(offered.tools, (name) => switches.stopped({ tool: name })) ?? stopIn(offered.models, (name) => switches.stopped({ model: name }))
  );
}

function stopIn(names: readonly string[], stopped: (name: string) => Stop | undefined): Stop | undefined {
  for (const name of names) {
    const stop = stopped(name);
    if (stop !== undefined) return stop;
  }
  return undefined;
}

/**
 * Throws `gateway.stopped` for an exchange that was stopped. Called right before anything is sent. Why once more: what was stopped while a
 * request was looked at has nobody else told.
 */
export function requireGoing(exchange: Exchange): void {
  const stop = stopOf(exchange);
  if (stop !== undefined) throw new CordonError('gateway.stopped', WHAT[stop.kind] ?? 'This was stopped by an operator.');
}

/** Why only these: they are named in the request, and whoever sent it may leave them out. */
const WHAT: Partial<Record<StopKind, string>> = {
  model: 'The model, or one that a tool works with, was stopped by an operator.',
  tool: 'One of the tools was stopped by an operator.',
};
