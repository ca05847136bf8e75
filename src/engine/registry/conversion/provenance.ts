import { PREDICATES } from '../../../evidence/attestations/predicate-types.ts';
import { conversionPredicate } from '../../../evidence/attestations/conversion.ts';
import { VERSION } from '../../build.ts';
import type { RegistryContext } from '../context.ts';
import type { NewAttestation } from '../evidence/keep-attestation.ts';
import { omsManifest } from '../evidence/views.ts';
import { loadManifest, type ManifestEntry, omsDigest } from '../manifest.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import type { Attestor } from '../evidence/attestor.ts';
import type { ConvertedFiles } from './conversions.ts';

/** The signed provenance of converted files: which bytes they were made from, and by what. Undefined: this registry has no key. */
export async function conversionStatement(
  context: RegistryContext,
  repository: Repository,
  original: string,
  entries: readonly ManifestEntry[],
  said: ConvertedFiles,
): Promise<(Pick<NewAttestation, 'body' | 'subject' | 'predicateType'> & { readonly attestor: Attestor }) | undefined> {
  const { attestor } = context;
  if (attestor === undefined) return undefined;
  const made = omsManifest(entries, repositoryId(repository));
  const predicate = conversionPredicate({
    builder: context.config.server.publicUrl ?? 'urn:cordon:registry',
    version: VERSION,
    tool: (await context.scanners.ruleBook()).digest,
    repository: repositoryId(repository),
    original: { manifest: original, rootDigest: omsDigest(await loadManifest(context.store.db, original)) },
    files: said.files,
    leftOut: said.leftOut,
    finishedOn: new Date(context.now()).toISOString(),
  });
  return {
    attestor,
    body: await attestor.attest(made, PREDICATES.training, predicate),
    subject: made.rootDigest,
    predicateType: PREDICATES.training,
  };
}
