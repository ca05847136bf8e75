import type { ServerResponse } from 'node:http';
import { serve, type Served, type Somebody } from '../e2e/served.ts';
import { GREETING, type RawMcpServer, rawMcpServer, sayJson, type Told } from './raw-mcp-server.ts';

/** An answer of the gateway. */
export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly session: string;
}

/** A request as a message. */
export const request = (method: string, params: object = {}, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params });
/** A result as a message. */
export const result = (id: unknown, said: object) => ({ jsonrpc: '2.0', id, result: said });
/** The call of a tool. */
export const call = (name: unknown, params: object = {}, id: unknown = 1) => request('tools/call', { name, ...params }, id);
/** A harmless tool. */
export const TOOL = { name: 'echo', description: 'Repeats.', inputSchema: { type: 'object' } };
/** A message, or what is sent in its place, as text. */
export const bodies = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message));

/** Two people who call one server that says whatever a test wants it to. */
export class McpCallers {
  readonly server: RawMcpServer;
  readonly served: Served;
  readonly ann: Somebody;
  readonly eve: Somebody;
  #fresh = 0;

  constructor(server: RawMcpServer, served: Served, ann: Somebody, eve: Somebody) {
    this.server = server;
    this.served = served;
    this.ann = ann;
    this.eve = eve;
  }

  /** Starts everything on free ports. */
  static async start(gateway: object = {}): Promise<McpCallers> {
    const server = await rawMcpServer();
    const ids = ['s', ...Array.from({ length: MOST_FRESH }, (_, at) => `fresh-${at}`)];
    const served = await serve({
      gateway: { ...gateway, mcp: { servers: ids.map((id) => ({ id, url: server.url })) } },
      toolPolicy: {
        tools: [
          { id: 'send', tool: 'send', effect: 'allow', sink: 'send', without: 'deny' },
          { id: 'rest', tool: '*', effect: 'allow', sink: 'none' },
        ],
      },
    });
    return new McpCallers(server, served, await served.person('ann', 'admin@*'), await served.person('eve', 'admin@*'));
  }

  async close(): Promise<void> {
    await this.served.close();
    await this.server.close();
  }

  /** The server is harmless again. */
  reset(): void {
    const { server } = this;
    server.got.length = 0;
    server.greeting = GREETING;
    server.session = undefined;
    server.answer = ({ message }, response) => void (message?.id !== undefined && sayJson(response, result(message.id, {})));
  }

  /** Id of the same server, of which nobody has seen a tool yet. */
  fresh(): string {
    return `fresh-${this.#fresh++}`;
  }

  open(verb: string, message: unknown, headers: Record<string, string> = {}, who = this.ann, id = 's'): Promise<Response> {
    return fetch(`${this.served.server.url}/mcp/${id}`, {
      method: verb,
      headers: {
        authorization: `Bearer ${who.key}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
      ...(verb === 'POST' && { body: bodies(message) }),
    });
  }

  async post(message: unknown, headers: Record<string, string> = {}, who = this.ann, id = 's'): Promise<Answered> {
    const response = await this.open('POST', message, headers, who, id);
    return { status: response.status, text: await response.text(), session: response.headers.get('mcp-session-id') ?? '' };
  }

  /** Begins a session; its name as a header. */
  async begin(who = this.ann, id = 's'): Promise<Record<string, string>> {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    return { 'mcp-session-id': (await this.post(request('initialize', params, 0), {}, who, id)).session };
  }

  /** Everything that reached the server. */
  sent(): string {
    return this.server.got.map(({ text }) => text).join('\n');
  }

  /** Has the server answer requests for one method. */
  says(method: string, said: object | ((told: Told, response: ServerResponse) => void | Promise<void>)): void {
    const before = this.server.answer;
    this.server.answer = (told, response) => {
      if (told.message?.method !== method) return before(told, response);
      if (typeof said === 'function') return said(told, response) as void;
      sayJson(response, result(told.message.id, said));
    };
  }
}

const MOST_FRESH = 80;
