import { CordonError } from '../../core/errors.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { replyOwn } from './ask.ts';
import { admitStored, begin } from './permit.ts';

/** `GET /v1/models/{model}`. */
export async function getModel(exchange: Exchange, name: string): Promise<void> {
  await begin(exchange);
  await admitStored(exchange);
  await requireOffered(exchange, name, '/v1/chat/completions');
  await replyOwn(exchange, { id: name, object: 'model', created: 0, owned_by: 'cordon' });
}

/** `GET /anthropic/v1/models`. */
export async function listMessageModels(exchange: Exchange): Promise<void> {
  await begin(exchange);
  await admitStored(exchange);
  const { services, call } = exchange;
  const names = await services.offered.names();
  const data = names.filter((model) => services.callers.may({ ...call, model, route: '/anthropic/v1/messages' })).map(described);
  await replyOwn(exchange, { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
}

/** `GET /anthropic/v1/models/{model}`. */
export async function getMessageModel(exchange: Exchange, name: string): Promise<void> {
  await begin(exchange);
  await admitStored(exchange);
  await requireOffered(exchange, name, '/anthropic/v1/messages');
  await replyOwn(exchange, described(name));
}

/** Why asked first whether it is allowed: who may not call a model is not told whether there is one. */
async function requireOffered({ services, call }: Exchange, model: string, route: string): Promise<void> {
  if (!services.callers.may({ ...call, model, route }) || !(await services.offered.has(model))) throw missing(model);
}

function described(id: string): {
  readonly id: string;
  readonly type: 'model';
  readonly display_name: string;
  readonly created_at: string;
} {
  return { type: 'model', id, display_name: id, created_at: '1970-01-01T00:00:00Z' };
}

function missing(name: string): CordonError {
  return new CordonError('model.missing', `There is no model ${name}.`);
}
