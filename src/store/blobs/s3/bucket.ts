import type * as S3Package from '@aws-sdk/client-s3';
import { onS3, statusOf } from './s3-error.ts';

/** The package, loaded only when blobs are on S3. */
export type S3 = typeof S3Package.default;

/** Where objects are: `s3://bucket/prefix`, and for servers other than Amazon's an endpoint. */
export interface BucketLocation {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
  readonly endpoint?: string;
  readonly region?: string;
}

/** A bucket that requests can be made to. */
export interface Bucket extends BucketLocation {
  readonly s3: S3;
  readonly client: S3Package.S3Client;
}

/** Connects with the credentials the environment provides, as every tool of the field finds them. */
export async function openBucket(location: BucketLocation): Promise<Bucket> {
  // Why the default: a CommonJS package has no other name in the bundle.
  const { default: s3 } = await import('@aws-sdk/client-s3');
  const client = new s3.S3Client({
    ...(location.region === undefined ? {} : { region: location.region }),
    // Why path style: other servers have no name of their own for every bucket.
    ...(location.endpoint === undefined ? {} : { endpoint: location.endpoint, forcePathStyle: true }),
    maxAttempts: 5,
    // Why: every byte is compared with the digest of the blob anyway.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000, httpAgent: { maxSockets: 128 }, httpsAgent: { maxSockets: 128 } },
  });
  return { ...location, s3, client };
}

/** Size of an object, bytes; undefined when it is not there. */
export async function objectSize({ s3, client, bucket }: Bucket, key: string): Promise<number | undefined> {
  return onS3(async () => {
    try {
      return (await client.send(new s3.HeadObjectCommand({ Bucket: bucket, Key: key }))).ContentLength ?? 0;
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  });
}
