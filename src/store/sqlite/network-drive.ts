import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CordonError } from '../../core/errors.ts';

/** Magic numbers of Linux (statfs(2)). Why these: SQLite's locks and shared memory do not work across machines. */
const NETWORK = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0xfe534d42, 'SMB2'],
  [0x5346414f, 'AFS'],
  [0x0bd00bd0, 'Lustre'],
  [0x00c36400, 'Ceph'],
  [0x47504653, 'GPFS'],
]);

/** Refuses to keep a database where its locks would not hold. What cannot be found out is allowed. */
export async function refuseNetworkDrive(path: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const kind = networkDrive(
    await statfs(dirname(path)).then(
      ({ type }) => type,
      () => 0,
    ),
  );
  if (kind !== undefined)
    throw new CordonError(
      'storage.unavailable',
      `the database would lie on ${kind}, where its locks do not hold: use a local disk, or Postgres`,
    );
}

/** Name of the network file system with this magic number; undefined for a local one. */
export function networkDrive(type: number): string | undefined {
  return NETWORK.get(type >>> 0);
}
