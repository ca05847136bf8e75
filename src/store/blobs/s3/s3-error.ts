import { CordonError } from '../../../core/errors.ts';
import { storageError } from '../storage-error.ts';

interface S3Failure {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** HTTP status of a failed request; undefined when no answer came. */
export function statusOf(error: unknown): number | undefined {
  return (error as S3Failure | undefined)?.$metadata?.httpStatusCode;
}

/** A failed request in the words of the catalogue. Why without the message: it may name bucket, key and account. */
export function s3Error(error: unknown): unknown {
  if (error instanceof CordonError) return error;
  const cause = { cause: error };
  const status = statusOf(error);
  if (status === 404) return new CordonError('storage.missing', 'the content is not in the store', cause);
  if (status === 401 || status === 403) return new CordonError('storage.unavailable', 'the bucket may not be written or read', cause);
  if (status === 507) return new CordonError('storage.full', 'the bucket is full', cause);
  const { name } = error as S3Failure;
  if (status !== undefined || isUnreachable(error))
    return new CordonError(
      'storage.unavailable',
      `the object store did not do as asked (${name ?? 'no name'}, ${status ?? 'no answer'})`,
      cause,
    );
  return storageError(error);
}

/** Runs requests and translates what they throw. */
export async function onS3<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw s3Error(error);
  }
}

function isUnreachable(error: unknown): boolean {
  const { name = '' } = error as S3Failure;
  const { code } = error as { code?: string };
  return (
    /Timeout|Credentials|AggregateError/.test(name) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'EAI_AGAIN'].includes(code ?? '')
  );
}
