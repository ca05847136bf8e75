import { CordonError } from '../../core/errors.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { replyOwn } from './ask.ts';
import { admitStored, begin } from './permit.ts';

/** `GET /v1/models/{model}`. */
export async function getModel(exchange: Exchange, name: string): Promise<void> {
  await begin(exchange);
  await admitStored(exchange);
  if (!allowed(exchange, '/v1/chat/completions').includes(name)) throw missing(name);
  await replyOwn(exchange, { id: name, object: 'model', created: 0, owned_by: 'cordon' });
}

/** `GET /anthropic/v1/models`. */
export async function listMessageModels(exchange: Exchange): Promise<void> {
  await begin(exchange);
  await admitStored(exchange);
  const data = allowed(exchange, '/anthropic/v1/messages').map(described);
  await replyOwn(exchange, { data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
}

/** `GET /anthropic/v1/models/{model}`. */
export async function getMessageModel(exchange: Exchange, name: string): Promise<void> {
  await begin(exchange);
  await admitStored(exchange);
  if (!allowed(exchange, '/anthropic/v1/messages').includes(name)) throw missing(name);
  await replyOwn(exchange, described(name));
}

function allowed({ services, call }: Exchange, route: string): readonly string[] {
  return services.upstreams
    .models()
    .filter((model) => services.callers.may({ ...call, model, route }))
    .toSorted();
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
