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
  readonly #questions = new Map<string, HubQuestion>();
  /** Which server a request of the client went to. */
  readonly #asked = new Map<string, string>();
  #count = 0;

  constructor(params: JsonObject) {
    this.params = params;
  }

  /** Gives a request of a server an id that no other server uses. */
  question(question: HubQuestion): string {
    const id = `cordon-${++this.#count}`;
    remember(this.#questions, id, question);
    return id;
  }

  /** The request of a server that a client means; undefined: none. */
  questionOf(id: unknown): HubQuestion | undefined {
    return typeof id === 'string' ? this.#questions.get(id) : undefined;
  }

  /** The id by which the client knows a request of a server. */
  idOf(server: string, id: unknown): string | undefined {
    return [...this.#questions].findLast(([, one]) => one.server === server && one.id === id)?.[0];
  }

  asked(key: string, server: string): void {
    remember(this.#asked, key, server);
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
