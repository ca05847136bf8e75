import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { verifyLedger } from '../../../src/evidence/ledger/verify/verify-database.ts';
import { openSigner } from '../../../src/evidence/ledger/note/signer.ts';
import { openDiskBlobs } from '../../../src/store/blobs/disk.ts';
import { openStore } from '../../../src/store/open-store.ts';

/** What clients were told before the server died, by repository; forgotten when somebody began to delete it. */
export type Told = Map<string, { readonly revisions: Set<string>; readonly versions: Map<number, { promoted: boolean }> }>;

/** Everything in the folder of a dead server that is not as it must be, in words. */
export async function check(folder: string, database: string, told: Told): Promise<string[]> {
  const store = await openStore({ database });
  const blobs = await openDiskBlobs({ folder: join(folder, 'blobs') });
  const wrong: string[] = [];
  try {
    const files = new Map<string, number>();
    for await (const { sha256, size } of blobs.list()) {
      const bytes = await readFile(join(folder, 'blobs', 'sha256', sha256.slice(0, 2), sha256));
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) wrong.push(`the file ${sha256} has other bytes`);
      files.set(sha256, size);
    }
    const entries = await store.db.selectFrom('manifest_entry').select(['manifest', 'path', 'sha256', 'size']).execute();
    for (const { manifest, path, sha256, size } of entries)
      if (files.get(sha256) !== size) wrong.push(`${manifest}/${path} has no file of its content`);
    const kept = await store.db
      .selectFrom('revision')
      .innerJoin('repository', 'repository.id', 'revision.repository_id')
      .leftJoin('admission', (join_) =>
        join_.onRef('admission.repository_id', '=', 'revision.repository_id').onRef('admission.manifest', '=', 'revision.manifest'),
      )
      .select(['repository.name', 'revision.id', 'admission.state', 'admission.decision_id'])
      .execute();
    const revisions = new Set(kept.map(({ name, id }) => `${name} ${id}`));
    for (const { name, id, state, decision_id } of kept) {
      if (state === null) wrong.push(`the revision ${name} ${id} has no admission`);
      if (state === 'admitted' && decision_id === null) wrong.push(`the revision ${name} ${id} is admitted without a decision`);
    }
    const bad = await store.db
      .selectFrom('admission')
      .innerJoin('manifest_entry', 'manifest_entry.manifest', 'admission.manifest')
      .select('admission.manifest')
      .where('manifest_entry.path', '=', 'model.pkl')
      .where('admission.state', '=', 'admitted')
      .execute();
    for (const { manifest } of bad) wrong.push(`the malicious ${manifest} is admitted`);
    const versions = await store.db
      .selectFrom('version')
      .innerJoin('repository', 'repository.id', 'version.repository_id')
      .select(['repository.name', 'version.number'])
      .execute();
    const sealed = new Set(versions.map(({ name, number }) => `${name} ${number}`));
    const promoted = new Set(
      (await store.db.selectFrom('ledger').select('body').where('kind', '=', 'version.promoted').execute()).map(({ body }) => {
        const { repository, version } = JSON.parse(body) as { readonly repository: string; readonly version: number };
        return `${repository.replace('acme/', '')} ${version}`;
      }),
    );
    for (const [name, { revisions: ids, versions: numbers }] of told) {
      for (const id of ids) if (!revisions.has(`${name} ${id}`)) wrong.push(`the acknowledged revision ${name} ${id} is lost`);
      for (const [number, { promoted: was }] of numbers) {
        if (!sealed.has(`${name} ${number}`)) wrong.push(`the acknowledged version ${name} ${number} is lost`);
        if (was && !promoted.has(`${name} ${number}`)) wrong.push(`the promotion of ${name} ${number} is not in the ledger`);
      }
    }
    const { verifier } = await openSigner({ file: join(folder, 'ledger.key') });
    const ledger = await verifyLedger(store, { keys: [verifier.text] });
    if (!ledger.ok) wrong.push(`the ledger: ${ledger.problem?.name} ${ledger.problem?.message}`);
  } finally {
    await blobs.close();
    await store.close();
  }
  return wrong;
}
