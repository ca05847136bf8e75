import { z } from '@hono/zod-openapi';
import { CordonError } from '../../core/errors.ts';
import { formatNote } from '../../evidence/ledger/note/note.ts';
import type { Ledger } from '../../evidence/ledger/ledger.ts';
import { inclusionProof, ledgerSize } from '../../evidence/ledger/read.ts';
import { parseTilePath } from '../../evidence/ledger/tiles/paths.ts';
import { readTile } from '../../evidence/ledger/tiles/read-tile.ts';
import type { Principal } from '../../identity/permission.ts';
import type { Store } from '../../store/open-store.ts';
import { type Api, json, route } from './define.ts';

const Entry = z
  .object({ position: z.int(), kind: z.string(), at: z.string(), body: z.record(z.string(), z.unknown()), leaf: z.string() })
  .openapi('LedgerEntry');
const Query = z.object({
  from: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  kind: z.string().max(64).optional(),
});

/** The ledger: entries, proofs, and the files that C2SP tlog-tiles clients and witnesses read. */
export function addLedgerRoutes(api: Api, store: Store, ledger: Ledger): void {
  api.openapi(
    route({ method: 'get', path: '/ledger/entries', summary: 'Entries, oldest first', request: { query: Query }, answer: z.array(Entry) }),
    async (c) => {
      requireAudit(c.var.principal);
      const { from, limit, kind } = c.req.valid('query');
      const query = store.db.selectFrom('ledger').selectAll().where('position', '>=', from).orderBy('position').limit(limit);
      const rows = await (kind === undefined ? query : query.where('kind', '=', kind)).execute();
      const entries = rows.map(({ position, kind: own, created_at, body, leaf }) => ({
        position,
        kind: own,
        at: new Date(created_at).toISOString(),
        body: JSON.parse(body) as Record<string, unknown>,
        leaf,
      }));
      return c.json(entries, 200);
    },
  );
  api.openapi(
    route({
      method: 'get',
      path: '/ledger/entries/{position}/proof',
      summary: 'Proof that an entry is in the newest checkpoint (RFC 6962)',
      request: { params: z.object({ position: z.coerce.number().int().min(0) }) },
      answer: z.object({ position: z.int(), size: z.int(), hashes: z.array(z.string()), checkpoint: z.string() }),
    }),
    async (c) => {
      requireAudit(c.var.principal);
      const { position } = c.req.valid('param');
      if (position >= (await ledgerSize(store.db))) throw new CordonError('file.missing', `the ledger has no entry ${position}`);
      const checkpoint = (ledger.newest?.size ?? 0) > position ? ledger.newest : await ledger.checkpoint();
      if (checkpoint === undefined || checkpoint.size <= position)
        throw new CordonError('ledger.refused', 'no checkpoint covers this entry yet');
      const hashes = (await inclusionProof(store.db, position, checkpoint.size)).map((hash) => hash.toString('hex'));
      return c.json({ position, size: checkpoint.size, hashes, checkpoint: formatNote(checkpoint.note) }, 200);
    },
  );
  api.openapi(
    route({
      method: 'get',
      path: '/ledger/key',
      summary: 'The key that checkpoints are verified with',
      request: {},
      answer: z.object({ key: z.string() }),
    }),
    (c) => c.json({ key: ledger.verifier.text }, 200),
  );
  api.openapi(
    route({
      method: 'post',
      path: '/ledger/checkpoint',
      summary: 'Sign a checkpoint now',
      request: { body: json(z.strictObject({})) },
      answer: z.object({ checkpoint: z.string().nullable() }),
    }),
    async (c) => {
      requireAudit(c.var.principal);
      const made = (await ledger.checkpoint()) ?? ledger.newest;
      return c.json({ checkpoint: made === undefined ? null : formatNote(made.note) }, 200);
    },
  );
  api.get('/ledger/checkpoint', (c) => {
    requireAudit(c.var.principal);
    if (ledger.newest === undefined) throw new CordonError('file.missing', 'there is no checkpoint yet');
    return c.text(formatNote(ledger.newest.note));
  });
  api.get('/ledger/tile/*', async (c) => {
    requireAudit(c.var.principal);
    const tile = parseTilePath(c.req.path.slice(c.req.path.indexOf('/ledger/') + '/ledger/'.length));
    if (tile === undefined) throw new CordonError('file.missing', 'there is no such tile');
    return c.body(new Uint8Array(await readTile(store.db, tile)), 200, { 'Content-Type': 'application/octet-stream' });
  });
}

function requireAudit(principal: Principal): void {
  if (!principal.can('audit', '*')) throw new CordonError('access.denied', `${principal.name} may not read the ledger`);
}
