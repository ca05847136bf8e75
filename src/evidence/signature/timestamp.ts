import { TSAWitness } from '@sigstore/sign';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Stamp } from './seal.ts';

const TIMEOUT_MS = 20_000;

/** Timestamps from a time-stamping authority with the API of Sigstore (`/api/v1/timestamp` below the address). */
export function timestampFrom(url: string): Stamp {
  const witness = new TSAWitness({ tsaBaseURL: url, retry: 1, timeout: TIMEOUT_MS });
  return async (signature) => {
    const sig = Buffer.from(signature);
    const envelope = { payload: Buffer.alloc(0), payloadType: '', signatures: [{ sig, keyid: '' }] };
    try {
      const { rfc3161Timestamps } = await witness.testify({ $case: 'dsseEnvelope', dsseEnvelope: envelope });
      return rfc3161Timestamps.map((stamp) => stamp.signedTimestamp);
    } catch (error) {
      throw new CordonError('key.unavailable', `no timestamp from ${url}: ${errorMessage(error)}`, { cause: error });
    }
  };
}
