import type { Kysely } from 'kysely';
import type { NewEntry } from '../../../evidence/ledger/entry.ts';
import type { Tx } from '../../../store/open-store.ts';
import type { GatewayMcpPinTable } from '../../../store/schema/gateway-mcp.ts';
import type { Schema } from '../../../store/schema/index.ts';
import { FIRST_USE, type Pin, type PinVerdict, type Shown } from './pin-review.ts';

/** What is known of the tools of a server. */
export interface PinsOfServer {
  readonly firstAt: number;
  /** From when what is new needs approval; null: the first list has not been read to its end. */
  readonly knownAt: number | null;
  readonly pins: ReadonlyMap<string, Pin>;
}

/** A tool and its descriptions, as administrators see it. */
export interface McpPin {
  readonly server: string;
  readonly tool: string;
  readonly digest: string | null;
  readonly description: string | null;
  readonly acceptedBy: string | null;
  readonly acceptedAt: number | null;
  /** What waits for approval; null: nothing. */
  readonly pending: { readonly digest: string; readonly description: string | null; readonly why: string; readonly at: number } | null;
}

/** What a review found out. */
export interface ReviewToWrite {
  readonly server: string;
  readonly tools: readonly Shown[];
  readonly verdicts: readonly PinVerdict[];
  readonly found: PinsOfServer | undefined;
  /** Which part of a list it was; undefined: none. */
  readonly list: 'page' | 'whole' | undefined;
  readonly at: number;
}

/** Why: a server must not fill the database with names that it makes up. */
const MOST_TOOLS = 2_000;
/** Why: nor the ledger, by showing one description and then another again and again. */
const TOLD_AGAIN_MS = 60_000;
/** Tools of one entry: well below what an entry can hold. */
const TOLD = 100;
const CONFIGURED = 'cordon.yaml';

/** Everything that is known, or what is known of one server. */
export async function pinsOf(db: Kysely<Schema>, server?: string): Promise<ReadonlyMap<string, PinsOfServer>> {
  const servers = db.selectFrom('gateway_mcp_server').selectAll();
  const tools = db.selectFrom('gateway_mcp_pin').select(['server', 'tool', 'digest', 'accepted_by', 'pending_digest', 'pending_at']);
  const [serverRows, toolRows] =
    server === undefined
      ? [await servers.execute(), await tools.execute()]
      : [await servers.where('server', '=', server).execute(), await tools.where('server', '=', server).execute()];
  const pins = new Map<string, Map<string, Pin>>();
  for (const row of toolRows) {
    let own = pins.get(row.server);
    if (own === undefined) pins.set(row.server, (own = new Map()));
    own.set(row.tool, {
      digest: row.digest,
      acceptedBy: row.accepted_by,
      pendingDigest: row.pending_digest,
      pendingAt: row.pending_at,
    });
  }
  const found = new Map<string, PinsOfServer>();
  // Why also without a list: the instructions of a server come before.
  for (const [name, own] of pins) found.set(name, { firstAt: Infinity, knownAt: null, pins: own });
  for (const { server: name, first_at: firstAt, known_at: knownAt } of serverRows)
    found.set(name, { firstAt, knownAt, pins: pins.get(name) ?? new Map() });
  return found;
}

/** Every tool by server and name. */
export async function pinRows(db: Kysely<Schema>): Promise<readonly McpPin[]> {
  const rows = await db.selectFrom('gateway_mcp_pin').selectAll().orderBy('server').orderBy('tool').execute();
  return rows.map((row) => ({
    server: row.server,
    tool: row.tool,
    digest: row.digest,
    description: row.description,
    acceptedBy: row.accepted_by,
    acceptedAt: row.accepted_at,
    pending:
      row.pending_digest === null
        ? null
        : { digest: row.pending_digest, description: row.pending_description, why: row.pending_why ?? '', at: row.pending_at ?? 0 },
  }));
}

/** Writes what a review found out; returns what the ledger is to say of it. */
export async function writeReview(tx: Tx, { server, tools, verdicts, found, list, at }: ReviewToWrite): Promise<readonly NewEntry[]> {
  const isWhole = list === 'whole';
  if (list !== undefined)
    await tx
      .insertInto('gateway_mcp_server')
      .values({ server, first_at: at, known_at: isWhole ? at : null })
      .onConflict((conflict) => conflict.column('server').doNothing())
      .execute();
  if (isWhole && found?.knownAt === null)
    await tx.updateTable('gateway_mcp_server').set({ known_at: at }).where('server', '=', server).execute();
  const first: { tool: string; digest: string }[] = [];
  const waiting: { tool: string; digest: string; why: string; accepted: string | null }[] = [];
  let rows = found?.pins.size ?? 0;
  const written = new Set<string>();
  for (const [index, verdict] of verdicts.entries()) {
    const { name, digest, text, problem } = tools[index]!;
    // Why not those either: their names are not fit to be kept, or belong to two descriptions.
    if (digest === '' || written.has(name) || (problem !== undefined && !isName(name))) continue;
    written.add(name);
    const pin = found?.pins.get(name);
    if (pin === undefined && ++rows > MOST_TOOLS) continue;
    if (verdict.kind === 'waits') {
      if (pin?.pendingDigest === digest) continue;
      await put(tx, server, name, {
        pending_digest: digest,
        pending_description: text,
        pending_why: verdict.why.slice(0, 1_000),
        pending_at: at,
      });
      if (pin === undefined || pin.pendingAt === null || at - pin.pendingAt > TOLD_AGAIN_MS)
        waiting.push({ tool: name, digest, why: verdict.why.slice(0, 200), accepted: pin?.digest ?? null });
      continue;
    }
    const isSame = pin?.digest === digest;
    if (isSame && pin.pendingDigest === null) continue;
    const accepted = { digest, description: text, accepted_by: verdict.kind === 'first' ? FIRST_USE : CONFIGURED, accepted_at: at };
    await put(tx, server, name, {
      pending_digest: null,
      pending_description: null,
      pending_why: null,
      ...(isSame ? {} : accepted),
    });
    if (!isSame) first.push({ tool: name, digest });
  }
  return [
    ...chunks(first).map((part) => ({ kind: 'mcp.pinned', body: { server, tools: part } })),
    ...chunks(waiting).map((part) => ({ kind: 'mcp.waiting', body: { server, tools: part } })),
  ];
}

/** Accepts what waits, if it is this. */
export async function acceptPending(
  tx: Tx,
  { server, tool, digest, by, at }: { server: string; tool: string; digest: string; by: string; at: number },
): Promise<boolean> {
  const row = await tx
    .updateTable('gateway_mcp_pin')
    .set((column) => ({
      digest,
      description: column.ref('pending_description'),
      accepted_by: by,
      accepted_at: at,
      pending_digest: null,
      pending_description: null,
      pending_why: null,
    }))
    .where('server', '=', server)
    .where('tool', '=', tool)
    .where('pending_digest', '=', digest)
    .returning('tool')
    .executeTakeFirst();
  return row !== undefined;
}

async function put(tx: Tx, server: string, tool: string, values: Partial<GatewayMcpPinTable>): Promise<void> {
  await tx
    .insertInto('gateway_mcp_pin')
    .values({ server, tool, ...values })
    .onConflict((conflict) => conflict.columns(['server', 'tool']).doUpdateSet(values))
    .execute();
}

/** Why so wide: only what could not be written down, or read by whoever approves it, is left out. */
function isName(name: string): boolean {
  return /^[\x21-\x7e]{1,128}$/.test(name);
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  for (let start = 0; start < items.length; start += TOLD) found.push(items.slice(start, start + TOLD));
  return found;
}
