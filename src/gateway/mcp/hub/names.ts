import { CordonError } from '../../../core/errors.ts';
import { isObject, type JsonObject } from '../../json/parse-object.ts';

/** Something of a server, by the name that the server knows it by. */
export interface Named {
  readonly server: string;
  readonly name: string;
}

/** Why no doubt where it is split: ids of servers have no underscore. */
const NAME = /^([a-z][a-z0-9-]{0,63})__(.+)$/s;
/** Why no doubt: ids of servers have no plus sign, and are the beginning of a scheme as RFC 3986 allows it. */
const URI = /^([a-z][a-z0-9-]{0,63})\+(.+)$/s;
/** Why: nobody nests content deeper. */
const MOST_LEVELS = 8;

/** Name of a tool or prompt for clients of all servers: `server__name`. */
export function outerName(server: string, name: string): string {
  return `${server}__${name}`;
}

/** Address of a resource, or its template, for clients of all servers: `server+scheme:…`. */
export function outerUri(server: string, uri: string): string {
  return `${server}+${uri}`;
}

/** Whose tool or prompt a client means. Throws `request.invalid`. */
export function innerName(name: unknown): Named {
  return split(NAME, name, 'names begin with the id of a server and two underscores, as they are listed');
}

/** Whose resource a client means. Throws `request.invalid`. */
export function innerUri(uri: unknown): Named {
  return split(URI, uri, 'addresses of resources begin with the id of a server and a plus sign, as they are listed');
}

/** Writes addresses of resources in a message of a server as clients of all servers know them. */
export function writeOuterUris(server: string, message: JsonObject): void {
  for (const holder of [message.params, message.result]) {
    if (!isObject(holder)) continue;
    outerField(server, holder, 'uri');
    for (const one of listOf(holder.contents)) outerField(server, one, 'uri');
    for (const one of listOf(holder.resources)) outerField(server, one, 'uri');
    for (const one of listOf(holder.resourceTemplates)) outerField(server, one, 'uriTemplate');
    outerContent(server, holder, 0);
    for (const one of listOf(holder.messages)) outerContent(server, one, 0);
  }
}

/** Puts addresses in arguments back as the server knows them. Why: models pass on what they were given. */
export function writeInnerUris(server: string, holder: JsonObject, key: string): void {
  const value = holder[key];
  if (typeof value === 'string') {
    if (value.startsWith(`${server}+`) && URI_LIKE.test(value)) holder[key] = value.slice(server.length + 1);
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) writeInnerUris(server, value as unknown as JsonObject, `${index}`);
  } else if (isObject(value)) {
    for (const inner of Object.keys(value)) writeInnerUris(server, value, inner);
  }
}

const URI_LIKE = /^[a-z][a-z0-9+.-]*:/i;

function outerContent(server: string, holder: JsonObject, level: number): void {
  if (level > MOST_LEVELS) return;
  const blocks = isObject(holder.content) ? [holder.content] : listOf(holder.content);
  for (const block of blocks) {
    if (block.type === 'resource_link') outerField(server, block, 'uri');
    if (isObject(block.resource)) outerField(server, block.resource, 'uri');
    outerContent(server, block, level + 1);
  }
}

function outerField(server: string, holder: JsonObject, key: string): void {
  if (typeof holder[key] === 'string') holder[key] = outerUri(server, holder[key]);
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function split(form: RegExp, text: unknown, why: string): Named {
  const [, server, name] = (typeof text === 'string' && form.exec(text)) || [];
  if (server === undefined || name === undefined) throw new CordonError('request.invalid', why);
  return { server, name };
}
