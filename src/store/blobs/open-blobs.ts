import { CordonError } from '../../core/errors.ts';
import type { BlobStore } from './blob-store.ts';
import type { BucketLocation } from './s3/bucket.ts';

/** Where blobs are kept and how they are treated. */
export interface BlobOptions {
  /** A folder, or `s3://bucket/prefix?endpoint=https://...&region=...`. */
  readonly location: string;
  /** Folder of this machine for what S3 needs locally. */
  readonly folder: string;
  /** Largest blob, bytes. */
  readonly maxBlobBytes?: number;
  readonly onCorrupt?: (sha256: string) => void;
}

/** Opens the blob store a configuration names. */
export async function openBlobs({ location, folder, ...options }: BlobOptions): Promise<BlobStore> {
  if (location.startsWith('s3://')) {
    const { openS3Blobs } = await import('./s3/s3-blobs.ts');
    return openS3Blobs({ ...options, ...bucketLocation(location), folder });
  }
  if (/^[a-z][a-z0-9+]+:\/\//i.test(location))
    throw new CordonError('config.invalid', 'blobs are kept in a folder or in s3://bucket/prefix');
  const { openDiskBlobs } = await import('./disk.ts');
  return openDiskBlobs({ ...options, folder: location });
}

/** Takes an `s3://` address apart. Credentials have no place in it: it is shown in logs. */
export function bucketLocation(address: string): BucketLocation {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const unknown = [...(url?.searchParams.keys() ?? [])].find((key) => key !== 'endpoint' && key !== 'region');
  if (url === undefined || url.hostname === '' || url.username !== '' || url.password !== '' || unknown !== undefined)
    throw new CordonError(
      'config.invalid',
      'an S3 address is s3://bucket/prefix, with ?endpoint= and &region= where needed, and no credentials',
    );
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  const endpoint = url.searchParams.get('endpoint');
  const region = url.searchParams.get('region');
  return {
    bucket: url.hostname,
    prefix: prefix === '' ? '' : `${prefix}/`,
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
  };
}
