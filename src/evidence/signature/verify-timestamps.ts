import { createSecretKey } from 'node:crypto';
import type { Bundle as SigstoreBundle } from '@sigstore/bundle';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { CordonError, errorMessage } from '../../core/errors.ts';
import { BUNDLE_MEDIA_TYPE, type Bundle } from './bundle.ts';
import type { TrustPolicy } from './trust-policy.ts';
import type { TrustedRoot } from './trusted-root.ts';

/**
 * The times that trusted authorities put their name to, over the signature of the bundle. Throws `signature.invalid` when one
 * does not hold. Why by the Sigstore library and in this roundabout way: it verifies RFC 3161 but offers it only as a part of a
 * whole verification; the signature itself is judged by the method of the bundle, with the hash of its curve.
 */
export function verifyTimestamps(bundle: Bundle, policy: TrustPolicy): readonly Date[] {
  const times: Date[] = [];
  const collect = (at: Date): boolean => times.push(at) > 0;
  const notJudged = createSecretKey(Buffer.alloc(32));
  try {
    const material = toTrustMaterial(authorities(policy), () => ({ publicKey: notJudged, validFor: collect }));
    new Verifier(material, { tlogThreshold: 0, timestampThreshold: 1 }).verify({
      timestamps: toSignedEntity(standIn(bundle)).timestamps,
      tlogEntries: [],
      key: { $case: 'public-key', hint: '' },
      signature: {
        signature: bundle.signature,
        compareSignature: () => false,
        compareDigest: () => false,
        verifySignature: () => true,
      },
    });
  } catch (error) {
    throw new CordonError('signature.invalid', `a timestamp of the bundle does not hold: ${errorMessage(error)}`, { cause: error });
  }
  return times;
}

/** The same envelope and timestamps in the shape the library reads. */
function standIn({ payload, payloadType, signature, timestamps }: Bundle): SigstoreBundle {
  return {
    mediaType: BUNDLE_MEDIA_TYPE,
    content: { $case: 'dsseEnvelope', dsseEnvelope: { payload, payloadType, signatures: [{ sig: signature, keyid: '' }] } },
    verificationMaterial: {
      content: { $case: 'publicKey', publicKey: { hint: '' } },
      tlogEntries: [],
      timestampVerificationData: { rfc3161Timestamps: timestamps.map((signedTimestamp) => ({ signedTimestamp })) },
    },
  };
}

function authorities({ sigstore, timestampAuthorities = [] }: TrustPolicy): TrustedRoot {
  const pinned = timestampAuthorities.map((chain) => ({
    subject: undefined,
    uri: '',
    operator: '',
    certChain: { certificates: chain.map(({ raw }) => ({ rawBytes: raw })) },
    validFor: undefined,
  }));
  return {
    mediaType: '',
    tlogs: [],
    ctlogs: [],
    certificateAuthorities: [],
    timestampAuthorities: [...(sigstore?.timestampAuthorities ?? []), ...pinned],
  };
}
