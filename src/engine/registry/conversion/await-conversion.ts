import { setTimeout as sleep } from 'node:timers/promises';
import { CordonError, errorMessage } from '../../../core/errors.ts';
import { admissionOf, admit } from '../admit.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import type { Revision } from '../revisions.ts';
import { conversionOf, isConverted, servedInstead } from './conversions.ts';

const POLL_MS = 200;

/**
 * The revision to serve for one that somebody asks for by a branch, a tag or a remote commit: itself, or what was made of it. Waits for
 * a scan and a conversion under way. Throws `registry.blocked` when they take longer.
 */
export async function revisionToServe(
  context: RegistryContext,
  repository: Repository,
  revision: Revision,
  waitMs: number,
): Promise<Revision> {
  const { manifest } = revision;
  if (!isConverted(context, repository)) return (await servedInstead(context, repository, revision)) ?? revision;
  const until = performance.now() + waitMs;
  const admission = await admissionOf(context, repository, manifest);
  if (admission?.state === 'pending') {
    const deciding = admit(context, repository, manifest).catch((error: unknown) =>
      context.log.error({ manifest, error: errorMessage(error) }, 'a revision could not be decided'),
    );
    await Promise.race([deciding, sleep(waitMs, undefined, { ref: false })]);
  }
  for (;;) {
    const conversion = await conversionOf(context.store.db, repository, manifest);
    if (conversion?.state !== 'waiting') return (await servedInstead(context, repository, revision)) ?? revision;
    if (performance.now() > until)
      throw new CordonError('registry.blocked', 'Cordon: it is being converted to safetensors, try again in a moment');
    await sleep(POLL_MS);
  }
}
