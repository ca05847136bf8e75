import type { RegistryContext } from '../../engine/registry/context.ts';
import { attestationsOf } from '../../engine/registry/evidence/attestations-of.ts';
import { evidencePath } from '../../engine/registry/evidence/evidence-files.ts';
import type { Repository } from '../../engine/registry/repositories.ts';
import { versionsOf } from '../../engine/registry/versions.ts';
import { signerText } from '../../evidence/signature/verified.ts';

/** The versions that a set of files is, and what was signed about it, each with the file that holds it. */
export async function evidenceOf(context: RegistryContext, repository: Repository, manifest: string): Promise<Record<string, unknown>> {
  const versions = await versionsOf(context, repository, manifest);
  const kept = await attestationsOf(context, repository, manifest);
  return {
    versions: versions.map(({ number, stage }) => ({ version: number, stage })),
    attestations: kept.map(({ digest, predicateType, subject, signer, isOwn, problem, createdAt }) => ({
      path: evidencePath(digest),
      predicateType,
      subject,
      signer: signer === undefined ? null : signerText(signer),
      byRegistry: isOwn,
      problem,
      createdAt: new Date(createdAt).toISOString(),
    })),
  };
}
