import type { Curation } from '../../../core/upstream-config.ts';
import type { RepositoryName } from '../names.ts';
import type { RemoteEntry, RemoteRevision } from './remote-hub.ts';

const DAY_MS = 86_400_000;

/** Why nothing of this publisher is mirrored; undefined: it may be. Asked before the remote hub hears anything. */
export function refusedPublisher({ allowPublishers, denyPublishers }: Curation, { namespace }: RepositoryName): string | undefined {
  if (denyPublishers.includes(namespace)) return `the publisher ${namespace} is denied`;
  if (allowPublishers.length > 0 && !allowPublishers.includes(namespace)) return `the publisher ${namespace} is not among those allowed`;
  return undefined;
}

/** Why a revision is not mirrored, from what the hub says of it; undefined: it may be. */
export function refusedRevision(curation: Curation, revision: RemoteRevision, now: number): string | undefined {
  const { minAgeDays, allowLicences } = curation;
  if (minAgeDays > 0) {
    if (revision.modifiedAt === undefined) return 'the hub does not say how old it is';
    const days = (now - revision.modifiedAt) / DAY_MS;
    if (days < minAgeDays) return `it is ${Math.max(0, Math.floor(days))} days old, and must be ${minAgeDays}`;
  }
  if (allowLicences.length > 0) {
    if (revision.licences.length === 0) return 'it declares no licence';
    const other = revision.licences.find((licence) => !allowLicences.includes(licence));
    if (other !== undefined) return `its licence ${other.slice(0, 100)} is not among those allowed`;
  }
  return undefined;
}

/** Which files are mirrored, or why none is. */
export function curateFiles(
  { leaveOut, denyFormats, maxBytes }: Curation,
  entries: readonly RemoteEntry[],
): { readonly entries: readonly RemoteEntry[] } | { readonly refusal: string } {
  const ends = (path: string, endings: readonly string[]): boolean =>
    endings.some((ending) => path.toLowerCase().endsWith(ending.toLowerCase()));
  const kept = entries.filter(({ path }) => !ends(path, leaveOut));
  const denied = kept.find(({ path }) => ends(path, denyFormats));
  if (denied !== undefined) return { refusal: `it has ${denied.path}, a format that is denied` };
  const bytes = kept.reduce((sum, { size }) => sum + size, 0);
  if (bytes > maxBytes) return { refusal: `it has ${bytes} bytes, more than the ${maxBytes} allowed` };
  return { entries: kept };
}
