import { digestOf } from '../digest-of.ts';
import type { PinPolicy } from '../../core/tool-policy.ts';
import { SESSION_LIMITS, type ToolSession } from './taint/session.ts';
import { isToolName, toolKey } from './tool-call.ts';
import { argumentTree } from './values/argument-tree.ts';

/** Something wrong with the description of a tool. Its calls are denied until somebody accepts the description. */
export interface DescriptionFinding {
  readonly rule: 'name' | 'hidden-text' | 'changed' | 'unknown' | 'shadows' | 'twice' | 'unreadable';
  readonly tool: string;
  readonly message: string;
  /** What to put into `pins.tools` to accept it. */
  readonly digest: string;
}

/** What the descriptions of a server amount to. */
export interface DescriptionAnswer {
  readonly findings: readonly DescriptionFinding[];
  /** Descriptions that the operator has not pinned: what they say may be an attack on the model. */
  readonly unread: readonly { readonly tool: string; readonly text: string }[];
}

/** The entry of `refused` that covers the tools of all servers. */
export const EVERY_TOOL = '*';
const TOO_MANY = `more than ${SESSION_LIMITS.tools} tools are described, more than can be remembered`;

/** Characters that hide text from people: tags, zero-width, bidi controls, controls. Not the joiners that scripts and emoji need. */
const HIDDEN =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u;

/**
 * Reads what `tools/list` of a server answers, remembers digests of descriptions as a whole, and says what is wrong. Why on
 * every answer: a server can show one description for approval and another afterwards ("rug pull").
 */
export function readDescriptions(session: ToolSession, policy: PinPolicy, server: string, tools: readonly unknown[]): DescriptionAnswer {
  const findings: DescriptionFinding[] = [];
  const unread: { tool: string; text: string }[] = [];
  const seen = new Set<string>();
  if (tools.length > SESSION_LIMITS.tools) put(session.refused, EVERY_TOOL, TOO_MANY);
  for (const tool of tools.slice(0, SESSION_LIMITS.tools)) {
    const described = describe(tool);
    const key = toolKey(described.name, server);
    const digest = described.digest;
    const pinned = Object.hasOwn(policy.tools, key) ? policy.tools[key] : undefined;
    const found = pinned === digest && digest !== '' ? [] : problems(session, policy, { ...described, key, server, pinned, seen });
    if (seen.has(key)) found.push({ rule: 'twice', message: 'is described twice' });
    seen.add(key);
    const short = key.slice(0, 400);
    findings.push(...found.map(({ rule, message }) => ({ rule, tool: short, message, digest })));
    if (pinned !== digest) unread.push({ tool: short, text: described.text });
    if (isFull(session, short)) put(session.refused, EVERY_TOOL, TOO_MANY);
    else if (found.length > 0)
      put(
        session.refused,
        short,
        found
          .map(({ message }) => message)
          .join('; ')
          .slice(0, 1_000),
      );
    else if (!Object.hasOwn(session.pins, short)) put(session.pins, short, digest);
    if (pinned === digest && found.length === 0) accept(session, short, digest);
  }
  return { findings, unread };
}

/** Accepts a description as it is now: somebody has read it. */
export function accept(session: ToolSession, key: string, digest: string): void {
  session.refused = Object.fromEntries(Object.entries(session.refused).filter(([name]) => name !== key));
  put(session.pins, key, digest);
}

interface Described {
  readonly name: string;
  readonly digest: string;
  readonly text: string;
  readonly problem?: string;
}

function describe(tool: unknown): Described {
  const tree = argumentTree(tool);
  if ('problem' in tree || tree.root.kind !== 'object') {
    return { name: 'unreadable', digest: '', text: '', problem: 'problem' in tree ? tree.problem : 'is no object' };
  }
  const { name } = tool as Readonly<Record<string, unknown>>;
  // Why of everything: what is left out could change after somebody has read the rest.
  const digest = digestOf(tool);
  const text = tree.nodes
    .flatMap(({ value, children }) => [...(typeof value === 'string' ? [value] : []), ...children.map(([key]) => key)])
    .join('\n');
  return { name: typeof name === 'string' ? name : '', digest, text };
}

type Problem = Pick<DescriptionFinding, 'rule' | 'message'>;

function problems(
  session: ToolSession,
  policy: PinPolicy,
  {
    name,
    digest,
    text,
    problem,
    key,
    server,
    pinned,
  }: Described & { key: string; server: string; pinned: string | undefined; seen: ReadonlySet<string> },
): Problem[] {
  if (problem !== undefined) return [{ rule: 'unreadable', message: `cannot be read: it ${problem}` }];
  const found: Problem[] = [];
  const known = Object.hasOwn(session.pins, key) ? session.pins[key] : undefined;
  if (!isToolName(name)) found.push({ rule: 'name', message: 'has characters in its name that are not allowed' });
  if (hasHiddenText(text)) found.push({ rule: 'hidden-text', message: 'has invisible characters in its description' });
  if (pinned !== undefined) found.push({ rule: 'changed', message: 'is not described as pinned' });
  else if (known !== undefined && known !== digest) found.push({ rule: 'changed', message: 'is described differently than before' });
  else if (known === undefined && policy.mode === 'required') found.push({ rule: 'unknown', message: 'is not pinned' });
  const other = Object.keys(session.pins).find((one) => !one.startsWith(`${server}/`) && looksOf(bareName(one)) === looksOf(name));
  if (other !== undefined && known === undefined)
    found.push({ rule: 'shadows', message: `has the name of ${other}, or one that looks like it` });
  return found;
}

/** Whether a text has characters that hide something from people. */
export function hasHiddenText(text: string): boolean {
  return HIDDEN.test(text);
}

function bareName(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

/** What a name looks like to a hasty reader: `send_mail`, `sendMail` and `send-rnail` are one. */
function looksOf(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replaceAll(/[1i|]/g, 'l')
    .replaceAll('0', 'o')
    .replaceAll('5', 's');
}

/** Whether there is no room to remember another tool. */
function isFull({ pins, refused }: ToolSession, key: string): boolean {
  const known = Object.hasOwn(pins, key) || Object.hasOwn(refused, key);
  return !known && Object.keys(pins).length + Object.keys(refused).length >= SESSION_LIMITS.tools;
}

/** Why not an assignment: a server may name a tool `__proto__`. */
function put(record: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true });
}
