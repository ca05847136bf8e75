import { CordonError } from '../../../../core/errors.ts';
import type { UpstreamOf } from '../../../../core/gateway-upstream-config.ts';
import type { Credential } from '../credentials/credential.ts';
import { checkedErrorBody } from '../error-body.ts';
import { anthropicError, cloudBody } from './anthropic-body.ts';
import type { Provider } from './provider.ts';

const VERSION = 'vertex-2023-10-16';

/** Vertex AI: models of Anthropic by rawPredict, all others by the endpoint that speaks as OpenAI does. */
export function vertex(upstream: UpstreamOf<'vertex'>, credential: Credential): Provider {
  const { id, project, region, url = `https://${hostOf(region)}` } = upstream;
  const base = `${new URL(url).pathname.replace(/\/+$/, '')}/v1/projects/${project}/locations/${region}`;
  return {
    url,
    credential,
    protocolOf: (model) => (model.startsWith('claude-') ? 'anthropic' : 'openai'),
    outgoing(request, { model, protocol }, path, body) {
      if (protocol === 'openai') return { path: `${base}/endpoints/openapi${path}`, body };
      const models = `${base}/publishers/anthropic/models`;
      const convert = (status: number, contentType: string) =>
        status < 400 ? undefined : anthropicError(status, checkedErrorBody(id, contentType, credential.secretValues()));
      if (path === '/messages/count_tokens') return { path: `${models}/count-tokens:rawPredict`, body, convert };
      if (path !== '/messages') throw new CordonError('request.invalid', `${path.slice(0, 100)} is not offered by Vertex AI`);
      const bytes = cloudBody(body, VERSION, (message) => delete message.model);
      return { path: `${models}/${nameOf(model)}:${request.stream ? 'streamRawPredict' : 'rawPredict'}`, body: bytes, convert };
    },
  };
}

function hostOf(region: string): string {
  if (region === 'global') return 'aiplatform.googleapis.com';
  return region.includes('-') ? `${region}-aiplatform.googleapis.com` : `aiplatform.${region}.rep.googleapis.com`;
}

function nameOf(model: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/.test(model))
    throw new CordonError('request.invalid', 'the model is no name of a model of Vertex AI');
  return model;
}
