import { bundleToJSON, type SerializedBundle } from '@sigstore/bundle';
import { DSSEBundleBuilder, FulcioSigner, RekorWitness, TSAWitness, type Witness } from '@sigstore/sign';
import { CordonError, errorMessage } from '../../core/errors.ts';
import type { Seal } from './seal.ts';

/** Which Sigstore instance signs, and for whom. */
export interface SigstoreService {
  /** Default: the public instance. */
  readonly fulcioUrl?: string;
  readonly rekorUrl?: string;
  /** API of the log: 1 gives a signed time itself, 2 needs a time-stamping authority. Default: 1. */
  readonly rekorVersion?: 1 | 2;
  readonly tsaUrl?: string;
  /** The OIDC token that says who signs. */
  readonly identityToken: string;
}

const FULCIO = 'https://fulcio.sigstore.dev';
const REKOR = 'https://rekor.sigstore.dev';
const TIMEOUT_MS = 20_000;

/** Method `sigstore`: a key for one signature, a certificate for the identity of the token, an entry in a transparency log. */
export function sigstoreSeal({ fulcioUrl = FULCIO, rekorUrl = REKOR, rekorVersion = 1, tsaUrl, identityToken }: SigstoreService): Seal {
  if (rekorVersion === 2 && tsaUrl === undefined)
    throw new CordonError('usage.invalid', 'a log with API version 2 signs no time; name a time-stamping authority too');
  const client = { retry: 1, timeout: TIMEOUT_MS };
  const identityProvider = { getToken: () => Promise.resolve(identityToken) };
  const signer = new FulcioSigner({ fulcioBaseURL: fulcioUrl, identityProvider, ...client });
  const witnesses: Witness[] = [new RekorWitness({ rekorBaseURL: rekorUrl, entryType: 'dsse', majorApiVersion: rekorVersion, ...client })];
  if (tsaUrl !== undefined) witnesses.push(new TSAWitness({ tsaBaseURL: tsaUrl, ...client }));
  const builder = new DSSEBundleBuilder({ signer, witnesses });
  return async (payloadType, payload) => {
    try {
      const bundle = await builder.create({ data: Buffer.from(payload), type: payloadType });
      return `${JSON.stringify(withEmptyProofs(bundleToJSON(bundle)))}\n`;
    } catch (error) {
      throw new CordonError('key.unavailable', `keyless signing failed: ${reasonOf(error)}`, { cause: error });
    }
  };
}

/** Why: the library leaves out empty lists and zeros, and other readers demand them: the first entry of a log has both. */
function withEmptyProofs(bundle: SerializedBundle): SerializedBundle {
  for (const { inclusionProof } of bundle.verificationMaterial.tlogEntries) {
    if (inclusionProof === undefined) continue;
    inclusionProof.hashes ??= [];
    inclusionProof.logIndex ??= '0';
  }
  return bundle;
}

/** The library keeps what happened in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? errorMessage(error) : `${errorMessage(error)}: ${errorMessage(cause)}`;
}
