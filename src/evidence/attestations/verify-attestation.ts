import { CordonError } from '../../core/errors.ts';
import type { Manifest } from '../oms/manifest.ts';
import { IN_TOTO_PAYLOAD } from '../oms/statement.ts';
import { malformedSignature } from '../signature/strict-json.ts';
import type { TrustPolicy } from '../signature/trust-policy.ts';
import { type SigningTime, signerText, type VerifiedSigner } from '../signature/verified.ts';
import { verifyBundle } from '../signature/verify-bundle.ts';
import { readAttestation, type Statement } from './statement.ts';

/** How a part of an attestation is known: Cordon checked it itself, or the signer says so. */
export interface Claim {
  readonly what: string;
  readonly basis: 'proven' | 'declared';
  readonly by: string;
}

/** An attestation whose signature holds, about the artifact it was verified against. */
export interface VerifiedAttestation {
  readonly signer: VerifiedSigner;
  readonly time: SigningTime;
  readonly statement: Statement;
  /** What is proven and what is only said. A signature makes nothing true: it says who is to be asked. */
  readonly claims: readonly Claim[];
}

/**
 * Verifies an attestation and that it is about this model: its root digest is among the subjects, and no file named there has
 * another digest. Throws `signature.*`.
 */
export async function verifyAttestation(bytes: Uint8Array, policy: TrustPolicy, model: Manifest): Promise<VerifiedAttestation> {
  const { payloadType, payload, signer, time } = await verifyBundle(bytes, policy);
  if (payloadType !== IN_TOTO_PAYLOAD) throw malformedSignature(`the payload is ${payloadType.slice(0, 100)} and no in-toto statement`);
  const statement = readAttestation(payload);
  refuseOthers(statement, model);
  return { signer, time, statement, claims: claimsOf(statement, signer, time) };
}

function refuseOthers({ subject }: Statement, { rootDigest, resources, serialization }: Manifest): void {
  if (!subject.some(({ digest }) => digest['sha256'] === rootDigest))
    throw new CordonError('signature.mismatch', `the attestation is about other artifacts; this model has the root digest ${rootDigest}`);
  if (serialization.hashType !== 'sha256' || serialization.method !== 'files') return;
  const actual = new Map(resources.map(({ path, digest }) => [path, digest]));
  for (const { name, digest } of subject) {
    const found = name === undefined ? undefined : actual.get(name);
    if (found !== undefined && digest['sha256'] !== undefined && digest['sha256'] !== found && digest['sha256'] !== rootDigest)
      throw new CordonError('signature.mismatch', `${JSON.stringify(name)} has another digest than the attestation says`);
  }
}

function claimsOf({ predicate, predicateType }: Statement, signer: VerifiedSigner, time: SigningTime): Claim[] {
  const isTimed = time.basis === 'rfc3161' || time.basis === 'transparency-log';
  const who = signerText(signer);
  return [
    { what: 'signer', basis: 'proven', by: who },
    { what: 'subject', basis: 'proven', by: 'digests of the files' },
    ...(isTimed ? [{ what: 'signed before or at', basis: 'proven', by: `${time.basis} ${time.at}` } as const] : []),
    { what: 'predicateType', basis: 'declared', by: `${predicateType} by ${who}` },
    ...Object.keys(predicate)
      .sort()
      .map((field): Claim => ({ what: `predicate.${field}`, basis: 'declared', by: who })),
  ];
}
