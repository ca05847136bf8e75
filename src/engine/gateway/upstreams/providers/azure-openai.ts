import { CordonError } from '../../../../core/errors.ts';
import type { UpstreamOf } from '../../../../core/gateway-upstream-config.ts';
import type { Credential } from '../credentials/credential.ts';
import type { Provider } from './provider.ts';

/** What is asked of a deployment; everything else of the resource. */
const OF_DEPLOYMENT = /^\/(?:chat\/completions|completions|embeddings|images\/(?:generations|edits)|audio\/[a-z]+)$/;

/** Azure OpenAI in either form: `/openai/v1`, where the body names the deployment, or a path for each deployment. */
export function azureOpenai(upstream: UpstreamOf<'azure-openai'>, credential: Credential): Provider {
  const { resource, url = `https://${resource}.openai.azure.com`, form, deployment, apiVersion } = upstream;
  const base = new URL(url).pathname.replace(/\/+$/, '');
  return {
    url,
    credential,
    protocolOf: () => 'openai',
    ...(deployment !== undefined && { modelName: () => deployment }),
    outgoing(_request, { model }, path, body) {
      const [plain = '', query] = path.split('?', 2);
      const root =
        form === 'v1' ? `${base}/openai/v1` : `${base}/openai${OF_DEPLOYMENT.test(plain) ? `/deployments/${nameOf(model)}` : ''}`;
      const parameters = [query, apiVersion && `api-version=${apiVersion}`].filter(Boolean).join('&');
      return { path: `${root}${plain}${parameters && `?${parameters}`}`, body };
    },
  };
}

/** Why checked here too: without a deployment in the configuration clients name it. */
function nameOf(model: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(model)) throw new CordonError('request.invalid', 'the model is no name of a deployment');
  return model;
}
