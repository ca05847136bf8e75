import { admitCall, NO_TOKENS } from '../exchange/admit-call.ts';
import type { Exchange } from '../exchange/exchange.ts';

/** `GET /v1/models`: the models that the caller may use. */
export async function listModels(exchange: Exchange): Promise<void> {
  await admitCall(exchange, NO_TOKENS);
  const { services, response, call, id, admission } = exchange;
  const data = (await services.offered.names())
    .filter((model) => services.callers.may({ ...call, model, route: '/v1/chat/completions' }))
    .map((model) => ({ id: model, object: 'model', created: 0, owned_by: 'cordon' }));
  const body = Buffer.from(JSON.stringify({ object: 'list', data }));
  exchange.answering(body);
  await exchange.finish('served', 200, null);
  const headers = { 'content-type': 'application/json', 'content-length': body.length, 'x-cordon-request-id': id };
  response.writeHead(200, { ...admission?.headers, ...headers }).end(body);
}
