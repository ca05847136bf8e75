import { CordonError } from '../../core/errors.ts';
import { parseSecretReference, type SecretReference } from '../../core/secret-reference.ts';

export { secretReference } from '../../core/secret-reference.ts';
export type { SecretReference } from '../../core/secret-reference.ts';

/** Takes a reference apart. Throws `config.invalid`, without quoting it: people put the secret itself where its name belongs. */
export function readSecretReference(text: string): SecretReference {
  const parsed = parseSecretReference(text);
  if (typeof parsed === 'string') throw new CordonError('config.invalid', `a reference to a secret: ${parsed}`);
  return parsed;
}
