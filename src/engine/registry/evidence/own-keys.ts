import { appendEntry } from '../../../evidence/ledger/append.ts';
import type { TrustedKey } from '../../../evidence/signature/trust-policy.ts';
import type { Store, Tx } from '../../../store/open-store.ts';
import { keyFingerprint, readPublicKey } from '../../../vault/ec-key.ts';
import type { RegistryContext } from '../context.ts';
import type { Attestor } from './attestor.ts';

const KIND = 'signing-key.used';

/** A key by which this registry signs or signed. */
export interface OwnKey {
  readonly fingerprint: string;
  /** Public key, PEM. */
  readonly pem: string;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly isRevoked: boolean;
}

/** Writes the public half of a key into the ledger when it is used for the first time, so that what it signs can be verified for ever. */
export async function announceKey(store: Store, attestor: Attestor): Promise<void> {
  await store.transaction(async (tx) => {
    if ((await rows(tx)).some(({ fingerprint }) => fingerprint === attestor.fingerprint)) return;
    await appendEntry(tx, { kind: KIND, body: { fingerprint: attestor.fingerprint, key: attestor.publicKey } });
  });
}

/** All keys by which this registry signs or signed, newest first. */
export async function ownKeys(context: RegistryContext): Promise<readonly OwnKey[]> {
  const revoked = new Set(context.config.registry.signing.revoked);
  return (await rows(context.store.db)).map((row) => ({ ...row, isRevoked: revoked.has(row.fingerprint) }));
}

/** Those of them that count. */
export async function trustedOwnKeys(context: RegistryContext): Promise<readonly TrustedKey[]> {
  const keys = await ownKeys(context);
  return keys.filter(({ isRevoked }) => !isRevoked).map(({ pem }) => ({ publicKey: readPublicKey(pem, 'own key'), name: 'registry' }));
}

async function rows(db: Pick<Tx, 'selectFrom'>): Promise<{ fingerprint: string; pem: string; since: number }[]> {
  const found = await db.selectFrom('ledger').select(['body', 'created_at']).where('kind', '=', KIND).orderBy('position', 'desc').execute();
  return found.map(({ body, created_at: since }) => {
    const { key: pem } = JSON.parse(body) as { readonly key: string };
    // Why computed again: the name must be that of the key, whoever wrote the row.
    return { fingerprint: keyFingerprint(readPublicKey(pem, 'own key')), pem, since };
  });
}
