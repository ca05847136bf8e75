import { callEvent, documentEvent, fieldsOf, resultEvent, textOf, type ToolEvent } from './tool-event.ts';

/** What one JSON-RPC message between a client and an MCP server says. Ids are told apart by server, as every server counts for itself. */
export function mcpEvents(message: unknown, server: string): ToolEvent[] {
  const { id, method, params, result, error } = fieldsOf(message);
  const key = typeof id === 'string' || typeof id === 'number' ? `${server}#${id}` : undefined;
  if (method === 'tools/call') {
    const { name, arguments: given } = fieldsOf(params);
    return [callEvent(key, name, given ?? {}, server)];
  }
  if (typeof method === 'string')
    return params === undefined || method.startsWith('notifications/') ? [] : requestEvents(method, params, server);
  if (error !== undefined) return [resultEvent(key, error)];
  if (result === undefined) return [];
  const { tools } = fieldsOf(result);
  return Array.isArray(tools) ? [{ type: 'tools', server, tools }] : [resultEvent(key, result)];
}

/** Requests of the server to the client (sampling, elicitation) put its words before the model or the user. */
function requestEvents(method: string, params: unknown, server: string): ToolEvent[] {
  return /^(?:sampling|elicitation)\//.test(method) ? [documentEvent(`${textOf(method)} of ${server}`, params)] : [];
}
