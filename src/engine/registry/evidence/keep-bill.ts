import { CordonError } from '../../../core/errors.ts';
import { type CycloneDxVersion, cyclonedxBill } from '../../../evidence/bom/cyclonedx.ts';
import { spdxBill } from '../../../evidence/bom/spdx.ts';
import type { RegistryContext } from '../context.ts';
import { loadManifest } from '../manifest.ts';
import { repositoryId } from '../names.ts';
import type { Repository } from '../repositories.ts';
import type { Version } from '../versions.ts';
import { attestationsOf } from './attestations-of.ts';
import { billOf } from './bill-of-materials.ts';
import { keepOwn } from './keep-own.ts';
import { omsManifest } from './views.ts';

/** Predicate types of bills, as in-toto names them; readers of SPDX look for the beginning. */
export const BILL_PREDICATES = { cyclonedx: 'https://cyclonedx.org/bom', spdx: 'https://spdx.dev/Document/v3.0' } as const;

/** How a bill is written. */
export type BillFormat =
  | { readonly format: 'cyclonedx'; readonly spec: CycloneDxVersion }
  | { readonly format: 'spdx'; readonly spec: '3.0' };

/** The bill of materials of a version. Its time is that of the version, so that the same knowledge gives the same bytes. */
export async function writeBill(context: RegistryContext, repository: Repository, version: Version, how: BillFormat): Promise<string> {
  const bill = await billOf(context, repository, version.manifest, version.number);
  const time = new Date(version.created_at).toISOString().replace(/\.\d+/, '');
  return how.format === 'spdx' ? spdxBill(bill, time) : cyclonedxBill(bill, how.spec, time);
}

/** Makes the bill of materials of a version, signs it and keeps it. Answers the digest of the attestation. */
export async function keepBill(context: RegistryContext, repository: Repository, version: Version, how: BillFormat): Promise<string> {
  const { attestor } = context;
  if (attestor === undefined) throw new CordonError('key.unavailable', 'this registry has no signing key');
  const predicateType = BILL_PREDICATES[how.format];
  const predicate = JSON.parse(await writeBill(context, repository, version, how)) as object;
  const name = `${repositoryId(repository)}@v${version.number}`;
  const manifest = omsManifest(await loadManifest(context.store.db, version.manifest), name);
  const body = await attestor.attest(manifest, predicateType, predicate);
  return context.store.transaction((tx) =>
    keepOwn(tx, context, attestor, repository, version.manifest, { body, predicateType, subject: manifest.rootDigest }),
  );
}

/** Whether the registry made a bill for these files. */
export async function hasBill(context: RegistryContext, repository: Repository, manifest: string): Promise<boolean> {
  const kept = await attestationsOf(context, repository, manifest);
  return kept.some(({ isOwn, signer, predicateType }) => isOwn && signer !== undefined && isBill(predicateType));
}

/** Whether a predicate type is that of a bill of materials. */
export function isBill(predicateType: string): boolean {
  return Object.values(BILL_PREDICATES).some((bill) => predicateType === bill);
}
