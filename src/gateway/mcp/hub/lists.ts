import { isObject, type JsonObject } from '../../json/parse-object.ts';
import { paramsOf, type RpcMessage } from '../message.ts';
import { fanOut, metaOf, type MissingServer } from './fan-out.ts';
import type { HubAnswer } from './hub-answer.ts';
import { outerName, writeOuterUris } from './names.ts';
import type { HubCall } from './open-part.ts';
import { listCursor, readCursor } from './tokens.ts';
import { CordonError } from '../../../core/errors.ts';

/** A list that is made of those of all servers. */
interface HubList {
  /** Capability, and member of the result. */
  readonly needs: string;
  readonly key: string;
  /** Whether things are known by names; otherwise by addresses. */
  readonly hasNames: boolean;
}

/** The methods that list. */
export const LISTS: ReadonlyMap<string, HubList> = new Map([
  ['tools/list', { needs: 'tools', key: 'tools', hasNames: true }],
  ['prompts/list', { needs: 'prompts', key: 'prompts', hasNames: true }],
  ['resources/list', { needs: 'resources', key: 'resources', hasNames: false }],
  ['resources/templates/list', { needs: 'resources', key: 'resourceTemplates', hasNames: false }],
]);

/** Why: a cursor goes into one of ours, and that has a greatest length. */
const CURSOR = /^[\x20-\x7e]{1,1024}$/;

/**
 * Answers with one page of every server. Why not one server after the other: many clients read the first page only, and would never see
 * the second server.
 */
export async function answerList(
  call: HubCall,
  { needs, key, hasNames }: HubList,
  message: Extract<RpcMessage, { kind: 'request' }>,
  answer: HubAnswer,
): Promise<void> {
  const { cursor, ...params } = paramsOf(message);
  const cursors = cursor === undefined ? undefined : readCursor(typeof cursor === 'string' ? cursor : '');
  const paramsFor = (server: string): JsonObject | undefined => {
    if (cursors === undefined) return structuredClone(params);
    return Object.hasOwn(cursors, server) ? { ...structuredClone(params), cursor: cursors[server] } : undefined;
  };
  const { answers, missing } = await fanOut(call, { method: message.method, needs, params: paramsFor }, answer);
  const all: JsonObject[] = [];
  const next: Record<string, string> = {};
  const cut: MissingServer[] = [];
  for (const [server, result] of answers) {
    const listed: unknown[] = Array.isArray(result[key]) ? (result[key] as unknown[]) : [];
    for (const one of listed.filter(isObject)) {
      if (hasNames && typeof one.name === 'string') one.name = outerName(server, one.name);
      all.push(one);
    }
    if (!hasNames) writeOuterUris(server, { result });
    const { nextCursor } = result;
    if (typeof nextCursor === 'string' && CURSOR.test(nextCursor)) next[server] = nextCursor;
    else if (typeof nextCursor === 'string') cut.push({ server, error: tooLong() });
  }
  // Why the first error: where nobody answers, an empty list would be a lie.
  if (answers.length === 0 && missing.length > 0) throw missing[0]!.error;
  const nextCursor = Object.keys(next).length === 0 ? undefined : listCursor(next);
  if (nextCursor === undefined) for (const server of Object.keys(next)) cut.push({ server, error: tooLong() });
  await answer.end({ [key]: all, ...(nextCursor !== undefined && { nextCursor }), ...metaOf([...missing, ...cut]) });
}

function tooLong(): CordonError {
  return new CordonError('upstream.failed', 'the server names its next page in a way that cannot be passed on');
}
