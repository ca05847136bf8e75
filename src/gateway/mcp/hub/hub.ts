import type { JsonObject } from '../../json/parse-object.ts';
import type { McpSession } from '../mcp-session.ts';
import type { RpcId } from '../message.ts';

/** The session that the gateway has with one server for a client of all of them. */
export interface HubPart {
  readonly server: string;
  readonly session: McpSession;
  readonly capabilities: JsonObject;
  readonly instructions: string | undefined;
}

/** A request of a server, which the client knows by another id. */
export interface HubQuestion {
  readonly server: string;
  readonly id: RpcId;
  /** Progress token that the server gave it. */
  readonly token: unknown;
}

/** Why: a server that asks without end, or a client that never waits, must not make a session grow. */
const MOST_REMEMBERED = 1_000;

/** What is known of a session of a client with all servers. */
export class Hub {
  /** Params of `initialize`: every server is asked with them. */
  readonly params: JsonObject;
  readonly parts = new Map<string, HubPart>();
  /** Servers that are being opened. */
  readonly opening = new Map<string, Promise<HubPart>>();
  /** Servers that could not be opened, and until when nobody tries again for a list. Epoch milliseconds. */
  readonly failed = new Map<string, { readonly error: unknown; readonly until: number }>();
  /** By server. Why each its own: one that asks without end must not make the client forget what another one asked. */
  readonly #questions = new Map<string, Map<string, HubQuestion>>();
  /** Which server a request of the client went to, by its id; and by its progress token. Undefined: all of them. */
  readonly #asked = new Map<string, string | undefined>();
  readonly #tokens = new Map<string, string | undefined>();
  /** Which server asked to be visited, by the id that it gave that. */
  readonly #visits = new Map<string, string>();
  #count = 0;

  constructor(params: JsonObject) {
    this.params = params;
  }

  /** Gives a request of a server an id that no other server uses. */
  question(question: HubQuestion): string {
    const id = `cordon-${++this.#count}`;
    const own = this.#questions.get(question.server) ?? new Map<string, HubQuestion>();
    this.#questions.set(question.server, own);
    remember(own, id, question);
    return id;
  }

  /** The request of a server that a client means; undefined: none. */
  questionOf(id: unknown): HubQuestion | undefined {
    if (typeof id !== 'string') return undefined;
    for (const own of this.#questions.values()) if (own.has(id)) return own.get(id);
    return undefined;
  }

  /** The id by which the client knows a request of a server. */
  idOf(server: string, id: unknown): string | undefined {
    return [...(this.#questions.get(server) ?? [])].findLast(([, one]) => one.id === id)?.[0];
  }

  /** Notes where a request of the client goes. `token`: its progress token, as a key; undefined: it has none. */
  asked(key: string, server: string | undefined, token: string | undefined): void {
    remember(this.#asked, key, server);
    if (token !== undefined) remember(this.#tokens, token, server);
  }

  /** Whether a server was given a progress token. Why: what another one says of it would be taken for what this one says. */
  wasGiven(server: string, token: string): boolean {
    return this.#tokens.has(token) && (this.#tokens.get(token) ?? server) === server;
  }

  /** Notes that a server asked for a visit; the first that gives it an id has it. */
  visit(server: string, id: string): void {
    if (!this.#visits.has(id)) remember(this.#visits, id, server);
  }

  /** Whether a visit is none of another server. */
  mayEnd(server: string, visit: unknown): boolean {
    return typeof visit !== 'string' || (this.#visits.get(visit) ?? server) === server;
  }

  /** The server that a request of the client went to. */
  askedOf(key: string): string | undefined {
    return this.#asked.get(key);
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_REMEMBERED) map.delete(map.keys().next().value!);
}
