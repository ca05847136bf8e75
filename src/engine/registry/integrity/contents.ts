import { createHash } from 'node:crypto';
import type { BlobStore } from '../../../store/blobs/blob-store.ts';
import { GIT_SHA1_BYTES, gitSha1 } from '../../../store/blobs/digest.ts';
import type { Tx } from '../../../store/open-store.ts';
import { loadManifest, manifestDigest, omsDigest } from '../manifest.ts';
import { revisionId } from '../revisions.ts';
import { pages, ROWS_AT_ONCE } from './pages.ts';
import type { RowProblem } from './row-problem.ts';

type Db = Pick<Tx, 'selectFrom'>;

/** Blobs whose row does not say what their file is. Their bytes are read by the scrub. */
export async function* wrongBlobs(db: Db, blobs: BlobStore): AsyncGenerator<RowProblem> {
  const next = (after: string) =>
    db.selectFrom('blob').selectAll().where('sha256', '>', after).orderBy('sha256').limit(ROWS_AT_ONCE).execute();
  for await (const { sha256, size, git_sha1: git } of pages(next, (row) => row.sha256)) {
    const wrong = (message: string): RowProblem => ({ table: 'blob', key: sha256, message });
    if (!/^[0-9a-f]{64}$/.test(sha256)) {
      yield wrong('its name is no digest');
      continue;
    }
    const actual = await blobs.size(sha256);
    if (actual === undefined) yield wrong('there is no file of it');
    else if (actual !== size) yield wrong(`its file has ${actual} bytes, not ${size}`);
    else if ((git === null) !== size > GIT_SHA1_BYTES) yield wrong('it has a git hash where it should not, or none');
    else if (git !== null && (await gitSha1(await blobs.localPath(sha256), size)) !== git) yield wrong('its git hash is another');
  }
  const dangling = await db
    .selectFrom('manifest_entry')
    .leftJoin('blob', 'blob.sha256', 'manifest_entry.sha256')
    .select('manifest_entry.sha256')
    .distinct()
    .where('blob.sha256', 'is', null)
    .execute();
  for (const { sha256 } of dangling) yield { table: 'blob', key: sha256, message: 'files refer to it, and it has no row' };
}

/** Sets of files that are not what their digests say, and revisions likewise: both names are made of everything in the row. */
export async function* wrongSets(db: Db): AsyncGenerator<RowProblem> {
  const manifests = (after: string) =>
    db.selectFrom('manifest').selectAll().where('digest', '>', after).orderBy('digest').limit(ROWS_AT_ONCE).execute();
  for await (const { digest, oms_digest: oms, files, bytes } of pages(manifests, (row) => row.digest)) {
    const entries = await loadManifest(db, digest);
    const sum = entries.reduce((total, { size }) => total + size, 0);
    const wrong = (message: string): RowProblem => ({ table: 'manifest', key: digest, message });
    if (manifestDigest(entries) !== digest) yield wrong('its files are not those that its digest names');
    else if (omsDigest(entries) !== oms || entries.length !== files || sum !== bytes) yield wrong('it does not say what its files are');
  }
  const stray = db.selectFrom('manifest_entry').leftJoin('manifest', 'manifest.digest', 'manifest_entry.manifest');
  for (const { manifest } of await stray.select('manifest_entry.manifest').distinct().where('manifest.digest', 'is', null).execute())
    yield { table: 'manifest', key: manifest, message: 'it has files and no row' };
  const revisions = (after: string) => {
    const [repository = '', id = ''] = after.split(' ');
    return db
      .selectFrom('revision')
      .selectAll()
      .where(({ eb, refTuple, tuple }) => eb(refTuple('repository_id', 'id'), '>', tuple(repository, id)))
      .orderBy('repository_id')
      .orderBy('id')
      .limit(ROWS_AT_ONCE)
      .execute();
  };
  for await (const { id, ...content } of pages(revisions, (row) => `${row.repository_id} ${row.id}`))
    if (revisionId(content) !== id) yield { table: 'revision', key: id, message: 'it does not say what its id is made of' };
}

/** Attestations whose text is another than their digest says. */
export async function* wrongAttestations(db: Db): AsyncGenerator<RowProblem> {
  const next = (after: string) =>
    db.selectFrom('attestation').select(['digest', 'body']).where('digest', '>', after).orderBy('digest').limit(100).execute();
  for (let after = ''; ;) {
    const rows = await next(after);
    for (const { digest, body } of rows)
      if (createHash('sha256').update(body).digest('hex') !== digest)
        yield { table: 'attestation', key: digest, message: 'its text is not the one its digest names' };
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.digest;
  }
}
