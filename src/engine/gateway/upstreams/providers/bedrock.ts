import { CordonError } from '../../../../core/errors.ts';
import type { UpstreamOf } from '../../../../core/gateway-upstream-config.ts';
import { awsDomain } from '../../../../vault/aws/endpoint.ts';
import { signed } from '../../../../vault/aws/sigv4.ts';
import type { AwsCredential } from '../credentials/aws.ts';
import { writeJson } from '../../../../formats/exact-json/write-json.ts';
import type { Credential } from '../credentials/credential.ts';
import { checkedErrorBody } from '../error-body.ts';
import { bedrockEvents } from '../event-stream/bedrock-events.ts';
import { upstreamError } from '../failure.ts';
import type { Streamed, UpstreamRequest } from '../upstreams.ts';
import { anthropicError, cloudBody, countedTokens, parsed, wholeBody } from './anthropic-body.ts';
import type { Outgoing, Provider } from './provider.ts';

const VERSION = 'bedrock-2023-05-31';
const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** Amazon Bedrock: models of Anthropic by InvokeModel, all others by the endpoint that speaks as OpenAI does. */
export function bedrock(upstream: UpstreamOf<'bedrock'>, credential: Credential | AwsCredential): Provider {
  const { id, region, url = `https://bedrock-runtime.${region}.${awsDomain(region)}` } = upstream;
  const { origin, pathname } = new URL(url);
  const base = pathname.replace(/\/+$/, '');

  function messages(request: UpstreamRequest, model: string, path: string, body: Buffer | Streamed): Outgoing {
    const root = `${base}/model/${nameOf(model)}`;
    const failed = (status: number, contentType: string) =>
      anthropicError(status, checkedErrorBody(id, contentType, credential.secretValues()));
    const betas = request.headers['anthropic-beta'];
    const bytes = cloudBody(body, VERSION, (message) => {
      delete message.model;
      delete message.stream;
      if (betas !== undefined) message.anthropic_beta ??= betas.split(',').map((beta) => beta.trim());
    });
    if (path === '/messages/count_tokens') {
      const message = parsed(bytes);
      // Why: counting takes a body that could be sent, and clients leave out what does not change the count.
      message.max_tokens ??= 1;
      const counted = { input: { invokeModel: { body: Buffer.from(writeJson(message)).toString('base64') } } };
      return {
        path: `${root}/count-tokens`,
        body: Buffer.from(JSON.stringify(counted)),
        convert: (status, contentType) => (status < 400 ? countedTokens(id) : failed(status, contentType)),
      };
    }
    if (path !== '/messages') throw new CordonError('request.invalid', `${path.slice(0, 100)} is not offered by Bedrock`);
    return {
      path: `${root}/${request.stream ? 'invoke-with-response-stream' : 'invoke'}`,
      body: bytes,
      convert(status, contentType) {
        if (status >= 400) return failed(status, contentType);
        if (!request.stream) return undefined;
        if (!contentType.startsWith(EVENT_STREAM)) throw upstreamError(id, 'its answer is no event stream');
        return bedrockEvents(id);
      },
    };
  }

  return {
    url,
    credential,
    protocolOf: (model) => (/(?:^|[./:])anthropic\./.test(model) ? 'anthropic' : 'openai'),
    outgoing: (request, { model, protocol }, path, body) =>
      protocol === 'anthropic' ? messages(request, model, path, body) : { path: `${base}/openai/v1${path}`, body },
    ...('identity' in credential && {
      sign(method: string, { path, body }: Outgoing) {
        const scope = { identity: credential.identity(), region, service: 'bedrock', now: new Date() };
        const { host: _, ...headers } = signed({ method, url: `${origin}${path}`, headers: {}, body: wholeBody(body) }, scope);
        return Object.entries(headers).flat();
      },
    }),
  };
}

/** A model, a profile or an ARN, as one segment of a path. */
function nameOf(model: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,2047}$/.test(model))
    throw new CordonError('request.invalid', 'the model is no name of a model of Bedrock');
  return encodeURIComponent(model);
}
