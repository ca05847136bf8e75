import { errorMessage } from '../../../core/errors.ts';
import type { RegistryContext } from '../context.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import { attestFromFiles } from './attest.ts';
import { recordEdges } from './record-edges.ts';
import { signVersion } from './sign-version.ts';

/**
 * What follows from an admission: signatures beside the files are taken in, lineage is written down, versions are signed. May be
 * done again at any time. Why it never fails: the decision stands without it, and whatever needs it asks for it again.
 */
export function recordEvidence(context: RegistryContext, repository: Repository, manifest: string): Promise<void> {
  return context.followUps.once(`${repository.id} ${manifest}`, () => record(context, repository, manifest));
}

async function record(context: RegistryContext, repository: Repository, manifest: string): Promise<void> {
  try {
    await attestFromFiles(context, repository, manifest);
    await recordEdges(context, repository, manifest);
    const versions = await context.store.db
      .selectFrom('version')
      .select(['number', 'manifest'])
      .where('repository_id', '=', repository.id)
      .where('manifest', '=', manifest)
      .where('deleted_at', 'is', null)
      .orderBy('number')
      .execute();
    for (const version of versions) await signVersion(context, repository, version);
  } catch (error) {
    context.log.error({ repository: repositoryId(repository), manifest, error: errorMessage(error) }, 'evidence was not recorded');
  }
}
