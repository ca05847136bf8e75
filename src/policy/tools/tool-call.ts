import { digestOf } from '../digest-of.ts';
import { type ArgumentNode, argumentTree } from './values/argument-tree.ts';
import { parseJsonStrictly } from './values/parse-json.ts';

/** A call that a model wants to make. */
export interface ToolCall {
  /** The id the protocol gives it: the result is recognised by it. */
  readonly id?: string;
  readonly tool: string;
  /** The MCP server that offers the tool. */
  readonly server?: string;
  /** An object, or the JSON text of one as the OpenAI protocol carries it. */
  readonly arguments: unknown;
}

/** A call whose arguments can be judged. */
export interface ReadCall {
  readonly call: ToolCall;
  readonly key: string;
  readonly digest: string;
  readonly root: ArgumentNode;
  readonly nodes: readonly ArgumentNode[];
}

/** Why: a name that people read must be the name that machines compare: no invisible, no look-alike characters. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:/-]{0,127}$/;
const MAX_JSON = 2_000_000;

/** Reads a call, or says why nobody could judge it. Never throws. */
export function readCall(call: ToolCall): ReadCall | { readonly problem: string; readonly digest: string } {
  const { tool, server, arguments: given } = call;
  if (typeof tool !== 'string' || !isToolName(tool)) return unreadable('the name of the tool has characters that are not allowed');
  if (server !== undefined && (typeof server !== 'string' || !isToolName(server)))
    return unreadable('the name of the server has characters that are not allowed');
  let value: unknown = given ?? {};
  if (typeof value === 'string') {
    if (value.length > MAX_JSON) return unreadable(`the arguments are longer than ${MAX_JSON} characters`);
    const parsed = value.trim() === '' ? { value: {} } : parseJsonStrictly(value);
    if ('problem' in parsed) return unreadable(`the JSON of the arguments ${parsed.problem}`);
    value = parsed.value;
  }
  const tree = argumentTree(value);
  if ('problem' in tree) return unreadable(`the value of the arguments ${tree.problem}`);
  if (tree.root.kind !== 'object') return unreadable('the arguments are no object');
  return { call, key: toolKey(tool, server), digest: callDigest(tool, server, value), root: tree.root, nodes: tree.nodes };
}

/** Whether a name has only characters that look like what they are. */
export function isToolName(name: string): boolean {
  return NAME.test(name);
}

/** The name of a tool among the tools of all servers. */
export function toolKey(tool: string, server: string | undefined): string {
  return server === undefined ? tool : `${server}/${tool}`;
}

/** What an approval is bound to: the tool and every argument, whatever the order of the keys. */
function callDigest(tool: string, server: string | undefined, value: unknown): string {
  return digestOf({ server: server ?? null, tool, arguments: value });
}

function unreadable(problem: string): { readonly problem: string; readonly digest: string } {
  return { problem, digest: '' };
}
