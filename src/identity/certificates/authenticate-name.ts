import type { CertificateRule } from '../../core/access-config.ts';
import { globSet } from '../permissions/globs.ts';
import type { Identity } from '../identity.ts';
import { loadPrincipal, rememberedGroups } from '../load-principal.ts';
import type { CredentialInfo, Principal } from '../permission.ts';
import { PRINCIPAL_NAME } from '../principals/name.ts';
import type { CertificateNames } from './certificate-names.ts';

/** The name of the principal whose certificate it is; undefined: of nobody who is configured. */
export function principalOfCertificate(rules: readonly CertificateRule[], { commonName, sans }: CertificateNames): string | undefined {
  return rules.find((rule) => (rule.san === undefined ? rule.commonName === commonName : sans.some(globSet([rule.san]))))?.principal;
}

/**
 * The principal of a name that TLS or a trusted proxy vouches for. Undefined when there is none or it is disabled: nobody is
 * made by being named.
 */
export async function authenticateName(
  identity: Identity,
  name: string,
  credential: Pick<CredentialInfo, 'kind' | 'id' | 'expiresAt'>,
  now: number = identity.now(),
): Promise<Principal | undefined> {
  const refuse = (reason: string): undefined => {
    identity.log.warn({ reason, about: name.slice(0, 100), credential: credential.kind }, 'a credential was refused');
    return undefined;
  };
  if (!PRINCIPAL_NAME.test(name)) return refuse('no name of a principal');
  if (credential.expiresAt !== null && credential.expiresAt <= now) return refuse('the certificate has expired');
  const row = await identity.store.db.selectFrom('principal').selectAll().where('name', '=', name).executeTakeFirst();
  if (row === undefined || row.name !== name) return refuse('no such principal');
  if (row.disabled_at !== null) return refuse('the principal is disabled');
  const { rules } = identity;
  return await loadPrincipal(identity, rules, row, { ...credential, scopes: {} }, rememberedGroups(rules, row, now));
}
