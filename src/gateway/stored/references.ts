import { CordonError } from '../../core/errors.ts';
import type { GatewayConfig } from '../../core/gateway-config.ts';
import type { KeptObject, ObjectKind } from '../../engine/gateway/objects/objects.ts';
import type { Target } from '../../engine/gateway/upstreams/upstreams.ts';
import type { Exchange } from '../exchange/exchange.ts';
import { addDetails } from '../http/error-reply.ts';
import { integer, string } from '../json/fields.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { plainName } from '../json/plain-name.ts';

/** Something that a request names and a provider keeps. */
export interface Reference {
  /** `conversation`: nothing of this kind can be made here, so it is nobody's. */
  readonly kind: ObjectKind | 'conversation';
  readonly id: string;
}

const FIELDS: Readonly<Record<string, Reference['kind']>> = {
  file_id: 'file',
  file_ids: 'file',
  container: 'container',
  container_id: 'container',
  previous_response_id: 'response',
  previous_message_id: 'message',
  conversation: 'conversation',
  audio: 'audio',
};
/** Calls whose input an application has thought of. */
const CALLS: ReadonlySet<unknown> = new Set(['tool_use', 'server_tool_use', 'mcp_tool_use']);
/** Fields below which everything is the application's own. */
const FOREIGN: ReadonlySet<string> = new Set(['parameters', 'input_schema', 'json_schema', 'schema', 'metadata', 'action', 'arguments']);
const MOST_REFERENCES = 200;

/** Everything in a request that a provider would look up among what it keeps for all who share the credential. */
export function referencesIn(body: JsonObject): readonly Reference[] {
  const found: Reference[] = [];
  const walk = (value: unknown, isInList = false): void => {
    if (Array.isArray(value)) for (const child of value) walk(child, true);
    else if (isObject(value)) {
      const item = plainlyNamed(value);
      if (isReference(item, isInList)) found.push({ kind: 'item', id: string(item.id) });
      // Why not the input of a tool: its fields are named by whoever wrote the tool.
      readFields(value, found, walk, isInList && CALLS.has(value.type) && typeof value.name === 'string');
    }
  };
  walk(body);
  if (found.length > MOST_REFERENCES) throw new CordonError('request.invalid', 'the request names too many files and responses');
  return found;
}

/** An object with its fields in small letters, which is how some servers read them. Throws `request.invalid` where that could be two things. */
function plainlyNamed(object: JsonObject): JsonObject {
  if (Object.keys(object).every((key) => plainName(key) === key)) return object;
  const named: JsonObject = {};
  for (const key in object) {
    const name = plainName(key);
    if (Object.hasOwn(named, name) && (name === 'id' || name === 'type'))
      throw new CordonError('request.invalid', `${name} stands twice in one object, in other letters`);
    if (saysNothing(named[name])) named[name] = object[key];
  }
  return named;
}

/** Whether an item stands for another: it says so, or it names one and says nothing itself, so that the provider looks the rest up. */
function isReference(item: JsonObject, isInList: boolean): boolean {
  const { type, id } = item;
  if (type === 'item_reference') return true;
  if (!isInList || typeof id !== 'string' || id === '') return false;
  if (type === 'image_generation_call') return saysNothing(item.result);
  if (type === 'reasoning') return saysNothing(item.encrypted_content) && saysNothing(item.content);
  return Object.keys(item).every((key) => ENVELOPE.has(key) || saysNothing(item[key]));
}

const ENVELOPE: ReadonlySet<string> = new Set(['id', 'type', 'status', 'role']);

function saysNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0);
}

function readFields(holder: JsonObject, found: Reference[], walk: (value: unknown) => void, isCall: boolean): void {
  for (const key in holder) {
    const value = holder[key];
    const name = plainName(key);
    const kind = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (kind !== undefined && name !== key && !saysNothing(value))
      throw new CordonError('request.invalid', `${name} must be written as it is here`);
    if (kind !== undefined) for (const id of idsIn(value)) found.push({ kind, id });
    if (typeof value === 'object' && !FOREIGN.has(key) && !(key === 'input' && isCall)) walk(value);
  }
}

function idsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' || value === 'auto' ? [] : [value];
  if (Array.isArray(value)) return (value as unknown[]).flatMap((one) => (typeof one === 'string' ? [one] : []));
  const id = isObject(value) ? plainlyNamed(value).id : undefined;
  return typeof id === 'string' ? [id] : [];
}

/** What a request names. */
export interface Named {
  /** The target that keeps it. */
  readonly target: Target;
  /** Tokens of conversations and items, which are not in the bytes of the request. */
  readonly tokens: number;
}

/** What a request names; undefined where it names nothing. Throws `file.missing` for what is not the caller's, whether it exists or not. */
export async function resolveReferences(exchange: Exchange, references: readonly Reference[]): Promise<Named | undefined> {
  const { services, call, model } = exchange;
  let upstream: string | undefined;
  let tokens = 0;
  for (const reference of references) {
    const kept = await ownObject(exchange, reference);
    tokens += tokensOf(reference, kept, exchange.policy.config);
    if (upstream !== undefined && upstream !== kept.upstream)
      throw new CordonError('request.invalid', 'the request names things that different providers keep');
    upstream = kept.upstream;
  }
  if (upstream === undefined) return undefined;
  const target = services.upstreams.targetsOf(call.model)?.find((one) => one.upstream === upstream);
  if (target === undefined) throw new CordonError('request.invalid', `another provider than that of ${model} keeps what the request names`);
  return { target, tokens };
}

function tokensOf({ kind }: Reference, { detail }: KeptObject, { maxContextTokens, maxFileTokens }: GatewayConfig): number {
  if (kind !== 'response' && kind !== 'message' && kind !== 'item') return 0;
  const known = isObject(detail) ? integer(detail.tokens) : undefined;
  return known ?? (kind === 'item' ? maxFileTokens : maxContextTokens);
}

/** The object, if it is the caller's. Throws `file.missing`. */
export async function ownObject({ services, call }: Exchange, { kind, id }: Reference): Promise<KeptObject> {
  const kept = kind === 'conversation' ? undefined : await services.objects.find(call.caller.principal.id, kind, id);
  if (kept === undefined) {
    const missing = new CordonError('file.missing', `There is no such ${kind}.`);
    // Why: clients of Anthropic then send the whole conversation.
    if (kind === 'message') addDetails(missing, { error_code: 'thread_not_found' });
    throw missing;
  }
  return kept;
}
