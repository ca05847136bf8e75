import { printable } from '../../core/printable.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { Client, type ServerFlags } from '../registry/client.ts';

interface Exchange {
  readonly id: string;
  readonly at: string;
  readonly who: { readonly name: string; readonly ip: string };
  readonly route: string;
  readonly model: string;
  readonly status: number;
  readonly outcome: string;
  readonly reason: string | null;
  readonly latency: { readonly total: number };
  readonly request: { readonly rules: readonly string[] } | null;
  readonly response: { readonly rules: readonly string[] } | null;
}

/** Options of `cordon exchanges` as commander gives them. */
export interface ExchangesFlags extends ServerFlags {
  /** Milliseconds. */
  readonly since?: number;
  readonly principal?: string;
  readonly outcome?: string;
  readonly session?: string;
  readonly before?: string;
  readonly limit?: number;
  readonly content?: string;
  readonly json?: boolean;
}

/** `cordon exchanges`: records of the gateway, newest first, or what was said in one of them. */
export async function exchangesCommand(flags: ExchangesFlags, io: Io): Promise<number> {
  const client = new Client(flags, io);
  if (flags.content !== undefined) return await contentOf(client, flags.content, io);
  const { since, principal, outcome, session, before, limit } = flags;
  const query = new URLSearchParams({
    ...(since !== undefined && { from: new Date(Date.now() - since).toISOString() }),
    ...(principal !== undefined && { principal }),
    ...(outcome !== undefined && { outcome }),
    ...(session !== undefined && { session }),
    ...(before !== undefined && { before }),
    ...(limit !== undefined && { limit: String(limit) }),
  });
  const records = await client.get<readonly Exchange[]>(`/exchanges?${query}`);
  if (flags.json === true) io.stdout.write(`${JSON.stringify(records, null, 2)}\n`);
  else for (const record of records) io.stdout.write(line(record));
  return EXIT.allowed;
}

/** Why only as JSON: what was said may be anything, and must not reach a terminal as it is. */
async function contentOf(client: Client, id: string, io: Io): Promise<number> {
  const content = await client.get<object>(`/exchanges/${encodeURIComponent(id)}/content`);
  io.stdout.write(`${JSON.stringify(content, null, 2)}\n`);
  return EXIT.allowed;
}

function line({ id, at, who, route, model, status, outcome, reason, latency, request, response }: Exchange): string {
  const rules = [...new Set([...(request?.rules ?? []), ...(response?.rules ?? [])])].join(' ');
  const why = reason === null ? outcome : `${outcome} (${printable(reason)})`;
  const name = who.name === '' ? who.ip : who.name;
  const texts = [id, at, printable(name), printable(route), printable(model), String(status), why, `${latency.total.toFixed(1)} ms`];
  return `${texts.filter((text) => text !== '').join('  ')}${rules === '' ? '' : `  ${printable(rules)}`}\n`;
}
