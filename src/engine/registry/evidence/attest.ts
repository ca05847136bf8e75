import { errorMessage } from '../../../core/errors.ts';
import type { Principal } from '../../../identity/permission.ts';
import { authorize } from '../authorize.ts';
import type { RegistryContext } from '../context.ts';
import { loadManifest } from '../manifest.ts';
import type { Repository } from '../repositories.ts';
import { keepAttestation } from './keep-attestation.ts';
import { recordEdges } from './record-edges.ts';
import { predicateTypeOf, verifyBrought } from './verify-brought.ts';
import { signatureFiles, viewsOf } from './views.ts';

/** An attestation that was taken in. */
export interface Attested {
  readonly digest: string;
  readonly predicateType: string;
  readonly signer: string;
}

/**
 * Takes in a signature or attestation about a revision. What does not verify by the trust of this registry is refused and leaves
 * nothing behind. Throws `signature.*` and `access.denied`.
 */
export async function attest(
  context: RegistryContext,
  principal: Principal,
  repository: Repository,
  manifest: string,
  bundle: Buffer,
): Promise<Attested> {
  authorize(principal, 'write', repository);
  const entries = await loadManifest(context.store.db, manifest);
  const views = viewsOf(entries, await signatureFiles(context, entries), bundle);
  const brought = await verifyBrought(context, bundle, context.trust, views);
  const kept = { ...brought, body: bundle.toString('utf8'), problem: '', by: principal };
  const digest = await context.store.transaction((tx) => keepAttestation(tx, repository, manifest, kept, context.now()));
  await recordEdges(context, repository, manifest);
  return { digest, predicateType: brought.predicateType, signer: brought.signer };
}

/** Takes in the signatures that lie beside the files of a revision. Those that do not verify are kept with the reason and do not count. */
export async function attestFromFiles(context: RegistryContext, repository: Repository, manifest: string): Promise<void> {
  const entries = await loadManifest(context.store.db, manifest);
  const signatures = await signatureFiles(context, entries);
  for (const { path, bytes } of signatures) {
    const kept = { body: bytes.toString('utf8'), by: { id: '', name: `file ${path}` } };
    const verified = await verifyBrought(context, bytes, context.trust, viewsOf(entries, signatures, bytes)).then(
      (brought) => ({ ...brought, problem: '' }),
      (error: unknown) => ({
        subject: '',
        predicateType: predicateTypeOf(bytes).slice(0, 2_000),
        signer: null,
        problem: errorMessage(error),
      }),
    );
    await context.store.transaction((tx) => keepAttestation(tx, repository, manifest, { ...verified, ...kept }, context.now()));
  }
}
