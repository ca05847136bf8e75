import * as z from 'zod';
import { fold, MAX_FOLDED } from './mention.ts';

/** Why: a session lives as long as a conversation, and no conversation may make it grow without end. */
export const SESSION_LIMITS = {
  turns: 50,
  text: MAX_FOLDED,
  texts: 200,
  total: 300_000,
  calls: 1_000,
  records: 500,
  sources: 100,
  approvals: 100,
  tools: 2_000,
} as const;

const text = z.string().max(SESSION_LIMITS.text);
const named = z.record(z.string().max(400), z.string().max(1_000));

/** What a conversation is known to hold, as far as decisions about tool calls need it: plain JSON, to be stored between requests. */
export const ToolSession = z
  .strictObject({
    version: z.literal(1),
    turns: z.array(text).max(SESSION_LIMITS.turns).describe('what the user wrote, newest last'),
    operator: z.array(text).max(SESSION_LIMITS.texts).describe('system text and results of trusted tools'),
    lookups: z
      .array(z.strictObject({ asked: z.array(z.string().max(1_000)).max(50), text }))
      .max(SESSION_LIMITS.texts)
      .describe('results of trusted tools, and the words they were asked with'),
    untrusted: z
      .array(
        z.strictObject({ source: z.string().max(200), text, host: z.string().max(300).optional().describe('where it was fetched from') }),
      )
      .max(SESSION_LIMITS.texts),
    records: z
      .array(
        z.strictObject({
          kind: z.string().max(1_000),
          ids: z.array(z.string().max(1_000)).max(20),
          names: z.array(z.string().max(1_000)).max(20),
          asked: z.array(z.string().max(1_000)).max(50).optional().describe('what the tool was asked, if this is all that it found'),
        }),
      )
      .max(SESSION_LIMITS.records)
      .default([])
      .describe('what tools said of the records in their results, in fields that they fill in themselves'),
    forgot: z.boolean().describe('untrusted text was dropped because there was too much of it'),
    sources: z
      .array(z.string().max(200))
      .max(SESSION_LIMITS.sources)
      .describe('where untrusted content came from; not empty means tainted'),
    calls: z
      .array(z.strictObject({ id: z.string().max(200), tool: z.string().max(400), asked: z.array(z.string().max(1_000)).max(50) }))
      .max(SESSION_LIMITS.calls),
    pins: named.describe('digest of every tool description as first seen, by server/tool'),
    refused: named.describe('tools whose description is not to be trusted, and why'),
    approvals: z.array(z.strictObject({ token: z.string(), call: z.string(), expires: z.int() })).max(SESSION_LIMITS.approvals),
    uses: z.record(z.string(), z.int()).describe('calls an intent rule allowed since the last user turn'),
  })
  .describe('the state of a guarded conversation');
export type ToolSession = z.infer<typeof ToolSession>;

/** A conversation that has not begun. */
export function newToolSession(): ToolSession {
  return {
    version: 1,
    turns: [],
    operator: [],
    lookups: [],
    untrusted: [],
    records: [],
    forgot: false,
    sources: [],
    calls: [],
    pins: {},
    refused: {},
    approvals: [],
    uses: {},
  };
}

/** Whether untrusted content entered the conversation. There is no way back: what a model has read stays read. */
export function isTainted(session: ToolSession): boolean {
  return session.sources.length > 0;
}

/** Records a turn of the user. What is too long is cut: then less counts as said by the user, never more. */
export function addUserTurn(session: ToolSession, said: string): void {
  session.turns.push(fold(said));
  if (session.turns.length > SESSION_LIMITS.turns) session.turns.shift();
  session.uses = {};
  shrink(session.turns, (turn) => turn.length);
}

/** Records text of whoever runs the application. */
export function addOperatorText(session: ToolSession, said: string): void {
  session.operator.push(fold(said));
  if (session.operator.length > SESSION_LIMITS.texts) session.operator.shift();
  shrink(session.operator, (entry) => entry.length);
}

/** Records the result of a trusted tool with the words it was asked with. */
export function addLookup(session: ToolSession, asked: readonly string[], said: string): void {
  session.lookups.push({ asked: [...asked], text: fold(said) });
  if (session.lookups.length > SESSION_LIMITS.texts) session.lookups.shift();
  shrink(session.lookups, (entry) => entry.text.length);
}

/** Records content that anybody may have written. */
export function addUntrusted(session: ToolSession, source: string, said: string, host?: string): void {
  const name = source.slice(0, 200);
  if (!session.sources.includes(name) && session.sources.length < SESSION_LIMITS.sources) session.sources.push(name);
  const folded = fold(said);
  if (said.length > SESSION_LIMITS.text || session.untrusted.length >= SESSION_LIMITS.texts) session.forgot = true;
  session.untrusted.push({ source: name, text: folded, ...(host === undefined ? {} : { host }) });
  if (session.untrusted.length > SESSION_LIMITS.texts) session.untrusted.shift();
  if (shrink(session.untrusted, (entry) => entry.text.length)) session.forgot = true;
}

/** Drops the oldest entries until the rest is small enough. */
function shrink<Entry>(entries: Entry[], sizeOf: (entry: Entry) => number): boolean {
  let total = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  const before = entries.length;
  while (total > SESSION_LIMITS.total && entries.length > 1) total -= sizeOf(entries.shift() as Entry);
  return entries.length < before;
}
