import type { CordonError } from '../../../core/errors.ts';
import { asCordonError } from '../../http/error-reply.ts';
import type { JsonObject } from '../../json/parse-object.ts';
import { askPart } from './ask-part.ts';
import type { HubAnswer } from './hub-answer.ts';
import { contextOf, type HubCall, openPart, requireRunning, usableServers } from './open-part.ts';

/** A question to all servers. */
export interface HubAsk {
  readonly method: string;
  /** Capability of the servers that can be asked. */
  readonly needs: string;
  /** Params for a server; undefined: it is not asked. */
  params(server: string): JsonObject | undefined;
}

/** What the servers answered. */
export interface FannedOut {
  /** In the order of the configuration. */
  readonly answers: readonly (readonly [server: string, result: JsonObject])[];
  readonly missing: readonly MissingServer[];
}

/** A server that could not be asked, and why. */
export interface MissingServer {
  readonly server: string;
  readonly error: CordonError;
}

/** Asks every server that the caller may use and that can answer. One that fails keeps no other from it. */
export async function fanOut(call: HubCall, ask: HubAsk, answer: HubAnswer): Promise<FannedOut> {
  const { exchange } = call;
  const answers: (readonly [string, JsonObject])[] = [];
  const missing: MissingServer[] = [];
  const asked = usableServers(exchange).map(async (server) => {
    const { id } = server.config;
    const params = ask.params(id);
    if (params === undefined) return undefined;
    try {
      requireRunning(exchange, server);
      const part = await openPart(call, server);
      if (part.capabilities[ask.needs] === undefined) return undefined;
      const context = contextOf(call, server, part.session);
      const signal = AbortSignal.any([answer.signal, AbortSignal.timeout(exchange.policy.config.mcp.waitMs)]);
      const { result } = await askPart(context, ask.method, params, { signal, others: (message) => answer.tell(context, message) });
      return [id, result] as const;
    } catch (error) {
      return { server: id, error: asCordonError(error) };
    }
  });
  for (const one of await Promise.all(asked)) {
    if (one === undefined) continue;
    if ('error' in one) missing.push(one);
    else answers.push(one);
  }
  answer.requireClient();
  return { answers, missing };
}

/** Which servers are not there, for clients and whoever reads their logs: member `_meta` of a result. */
export function metaOf(missing: readonly MissingServer[]): JsonObject {
  if (missing.length === 0) return {};
  return { _meta: { 'cordon/missing': missing.map(({ server, error }) => ({ server, code: error.code, why: error.message })) } };
}
