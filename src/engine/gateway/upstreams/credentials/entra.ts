import type { UpstreamOf } from '../../../../core/gateway-upstream-config.ts';
import { azureToken } from '../../../../vault/azure/azure-token.ts';
import { openAsker } from '../../../../vault/http/ask.ts';
import type { SecretReader } from '../upstreams.ts';
import type { Credential } from './credential.ts';
import { tokenCredential } from './token-credential.ts';

/** What tokens for Azure OpenAI are for. */
const RESOURCE = 'https://cognitiveservices.azure.com';
const TIMEOUT_MS = 10_000;
/** How long a token is used before the cache is asked again, which renews it four minutes ahead. */
const ASK_MS = 60_000;

/** Tokens of Microsoft Entra ID: of a service principal, or of whatever the environment says. */
export function entraCredential(
  entra: NonNullable<UpstreamOf<'azure-openai'>['entra']>,
  secrets: SecretReader,
  now: () => number,
): Credential {
  const asker = openAsker({ code: 'secret.unavailable', timeoutMs: TIMEOUT_MS });
  const metadata = openAsker({ code: 'secret.unavailable', timeoutMs: TIMEOUT_MS, allowHttp: true });
  const env: NodeJS.ProcessEnv = entra === 'environment' ? process.env : { AZURE_TENANT_ID: entra.tenant, AZURE_CLIENT_ID: entra.clientId };
  const authority = entra === 'environment' ? 'https://login.microsoftonline.com' : entra.loginUrl;
  const token = azureToken({ asker, metadata, authority, resource: RESOURCE, env, now, code: 'secret.unavailable' });
  return tokenCredential(
    async () => {
      if (entra !== 'environment') env.AZURE_CLIENT_SECRET = await secrets.get(entra.clientSecret);
      return { value: await token.get(), until: now() + ASK_MS };
    },
    now,
    () => void Promise.all([asker.close(), metadata.close()]),
  );
}
