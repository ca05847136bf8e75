import { OMS_PREDICATE } from '../../../evidence/oms/statement.ts';
import type { RegistryContext } from '../context.ts';
import { loadManifest, omsDigest } from '../manifest.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import type { Version } from '../versions.ts';
import { keepOwn } from './keep-own.ts';
import { omsManifest } from './views.ts';

/**
 * Signs the files of a version with the key of the registry, once for each key. Only what is admitted: a signature that verifies
 * offline must not be had for what no gate let through.
 */
export async function signVersion(
  context: RegistryContext,
  repository: Repository,
  version: Pick<Version, 'manifest' | 'number'>,
): Promise<void> {
  const { attestor } = context;
  if (attestor === undefined) return;
  const { manifest } = version;
  const signed = await context.store.db
    .selectFrom('attestation_use')
    .innerJoin('attestation', 'attestation.digest', 'attestation_use.attestation')
    .select('attestation.digest')
    .where('attestation_use.repository_id', '=', repository.id)
    .where('attestation_use.manifest', '=', manifest)
    .where('attestation_use.signer', 'like', `%${attestor.fingerprint}%`)
    .where('attestation.predicate_type', '=', OMS_PREDICATE)
    .executeTakeFirst();
  if (signed !== undefined) return;
  const entries = await loadManifest(context.store.db, manifest);
  const body = await attestor.signFiles(omsManifest(entries, `${repositoryId(repository)}@v${version.number}`));
  await context.store.transaction((tx) =>
    keepOwn(tx, context, attestor, repository, manifest, { body, predicateType: OMS_PREDICATE, subject: omsDigest(entries) }),
  );
}
