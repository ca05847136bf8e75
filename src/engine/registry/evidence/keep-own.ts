import type { Tx } from '../../../store/open-store.ts';
import { signerText } from '../../../evidence/signature/verified.ts';
import type { RegistryContext } from '../context.ts';
import type { Repository } from '../repositories.ts';
import type { Attestor } from './attestor.ts';
import { keepAttestation, type NewAttestation } from './keep-attestation.ts';

const REGISTRY = { id: '', name: 'registry' };

/** Keeps what the registry itself signed. */
export function keepOwn(
  tx: Tx,
  context: RegistryContext,
  attestor: Attestor,
  repository: Repository,
  manifest: string,
  own: Pick<NewAttestation, 'body' | 'subject' | 'predicateType'>,
): Promise<string> {
  const signer = signerText({ method: 'key', fingerprint: attestor.fingerprint, name: 'registry' });
  return keepAttestation(tx, repository, manifest, { ...own, signer, problem: '', by: REGISTRY }, context.now());
}
