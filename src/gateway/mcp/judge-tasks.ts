import { CordonError } from '../../core/errors.ts';
import { isObject, type JsonObject } from '../json/parse-object.ts';
import { type McpContext, requireTool } from './mcp-context.ts';
import type { Asked } from './mcp-session.ts';
import { paramsOf, type RpcMessage } from './message.ts';

/** Requests about one task. */
const ABOUT_ONE: ReadonlySet<string> = new Set(['tasks/get', 'tasks/result', 'tasks/cancel']);

/**
 * May this caller ask about this task? Throws `file.missing` for what is not its own, whether there is such a task or not, and for one of
 * a tool that may not be used any more `access.denied`, `gateway.stopped`.
 */
export function requireTask(context: McpContext, method: string, { taskId }: JsonObject): void {
  if (!ABOUT_ONE.has(method)) return;
  const { exchange, server } = context;
  const task = exchange.services.mcp.sessions.tasks.find(exchange.call.caller.principal.id, server.config.id, taskId);
  if (task === undefined) throw new CordonError('file.missing', 'There is no such task.');
  // Why not what ends it: whoever stopped a tool wants its tasks to end.
  if (task.tool !== undefined && method !== 'tasks/cancel') requireTool(context, task.tool);
}

/** Notes the task that a request began; leaves in a list of tasks the caller's own. Says whether it changed the result. */
export function ownTasks({ exchange, server }: McpContext, { method, tool }: Asked, result: JsonObject): boolean {
  const { tasks } = exchange.services.mcp.sessions;
  const principal = exchange.call.caller.principal.id;
  if (method === 'tools/call' && isObject(result.task) && typeof result.task.taskId === 'string')
    tasks.note(server.config.id, result.task.taskId, { principal, tool });
  if (method !== 'tasks/list') return false;
  const given: unknown[] = Array.isArray(result.tasks) ? (result.tasks as unknown[]) : [];
  const own = given.filter((task) => isObject(task) && tasks.find(principal, server.config.id, task.taskId) !== undefined);
  const isChanged = own.length !== given.length || !Array.isArray(result.tasks);
  if (isChanged) result.tasks = own;
  return isChanged;
}

/** Whether what a server tells is about no task of somebody else. */
export function isOwnTask({ exchange, server }: McpContext, message: Extract<RpcMessage, { kind: 'notification' }>): boolean {
  if (message.method !== 'notifications/tasks/status') return true;
  const principal = exchange.call.caller.principal.id;
  return exchange.services.mcp.sessions.tasks.find(principal, server.config.id, paramsOf(message).taskId) !== undefined;
}
