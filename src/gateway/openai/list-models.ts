import type { Exchange } from '../exchange/exchange.ts';

/** `GET /v1/models`: the models that the caller may use. */
export function listModels({ services, response, call, id }: Exchange): void {
  const data = services.upstreams
    .models()
    .filter((model) => services.callers.may({ ...call, model, route: '/v1/chat/completions' }))
    .toSorted()
    .map((model) => ({ id: model, object: 'model', created: 0, owned_by: 'cordon' }));
  const body = Buffer.from(JSON.stringify({ object: 'list', data }));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length, 'x-cordon-request-id': id }).end(body);
}
