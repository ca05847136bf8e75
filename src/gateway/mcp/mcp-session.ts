import type { ToolPolicy } from '../../core/tool-policy.ts';
import type { McpConfig } from '../../core/gateway-mcp-config.ts';
import { createToolGuard, type ToolGuard } from '../../engine/guard/tool-guard.ts';
import { PseudonymMap } from '../../patterns/redact/pseudonyms.ts';
import { CordonError } from '../../core/errors.ts';
import type { Hub } from './hub/hub.ts';
import { McpTasks } from './mcp-tasks.ts';
import { SentEvents } from './sent-events.ts';

/** A request whose response may come, on whatever stream. */
export interface Asked {
  readonly method: string;
  /** Of `tools/call`. */
  readonly tool?: string;
}

/** Why: a client that never waits for answers must not make a session grow. */
const MOST_ASKED = 1_000;
/** Why: no server asks for what is not allowed more often, and each answer is a request of ours. */
const MOST_REPLIES = 30;
const REPLIES_MS = 60_000;

/** What is known of one session between a client and a server. */
export class McpSession {
  /** The name that the server gave it; undefined: the server keeps none. */
  readonly upstreamId: string | undefined;
  /** Version of the protocol that the server speaks; undefined: the one that the client names. */
  readonly version: string | undefined;
  readonly pseudonyms: PseudonymMap;
  /** All servers of a client that speaks with them together. */
  hub: Hub | undefined;
  /** Streams that the client has open for messages of the server. */
  streams = 0;
  /** Ends requests under way, by id. */
  readonly live = new Map<string, () => void>();
  usedAt: number;
  /** When the gateway itself last asked for the list of tools; epoch milliseconds. */
  listedAt = 0;
  /** Whether the tool guard of this session knows descriptions. */
  hasListed = false;
  /** Whether the server said that its list of tools is another one. */
  isListOld = false;
  /** Events that the client got. */
  readonly events = new SentEvents();
  /** When the gateway answered the server in place of the client; epoch milliseconds. */
  #replies: number[] = [];
  readonly #asked = new Map<string, Asked | undefined>();
  readonly #questions = new Map<string, string>();
  readonly #whole: McpSession | undefined;
  #tools: ToolGuard | undefined;
  #policy: ToolPolicy | undefined;

  /**
   * `whole`: the session with all servers that this one is a part of. Why it has the names and the tool guard: what one server said is in
   * the same conversation as what another is asked.
   */
  constructor(upstreamId: string | undefined, now: number, whole?: McpSession, version?: string) {
    this.upstreamId = upstreamId;
    this.usedAt = now;
    this.#whole = whole;
    this.version = version;
    this.pseudonyms = whole?.pseudonyms ?? new PseudonymMap();
  }

  /** Notes a request of the client. Why one of two with the same id is none: an answer to the one could be read as one to the other. */
  ask(key: string, asked: Asked): void {
    const known = this.#asked.get(key);
    const isAnother = this.#asked.has(key) && (known?.method !== asked.method || known.tool !== asked.tool);
    remember(this.#asked, key, isAnother ? undefined : asked);
  }

  /** Whether the gateway may answer the server once more in place of the client; counts it. */
  mayReply(now: number): boolean {
    this.#replies = this.#replies.filter((at) => now - at < REPLIES_MS);
    return this.#replies.length < MOST_REPLIES && this.#replies.push(now) > 0;
  }

  /** What a response of the server is about. Kept: a client that lost its connection has the answer repeated. */
  askedBy(key: string): Asked | undefined {
    return this.#asked.get(key);
  }

  /** Notes a request of the server. */
  question(key: string, method: string): void {
    remember(this.#questions, key, method);
  }

  /** What a response of the client is about, once. */
  takeQuestion(key: string): string | undefined {
    const method = this.#questions.get(key);
    this.#questions.delete(key);
    return method;
  }

  /** The guard of the tool calls of this session, with the policy that counts now. */
  toolGuard(policy: ToolPolicy | undefined): ToolGuard | undefined {
    if (policy === undefined) return undefined;
    if (this.#whole !== undefined) return this.#whole.toolGuard(policy);
    if (this.#tools === undefined || this.#policy !== policy) {
      const session = this.#tools?.session();
      this.#tools = createToolGuard(policy, session === undefined ? {} : { session });
      this.#policy = policy;
    }
    return this.#tools;
  }
}

/** Sessions by principal, server and name. Why by principal: nobody may enter the session of somebody else, whatever its name. */
export class McpSessions {
  readonly tasks = new McpTasks();
  readonly #principals = new Map<string, Map<string, McpSession>>();
  readonly #now: () => number;
  #size = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The session that a client names; undefined: there is none, or it has been forgotten. */
  find(principal: string, server: string, id: string, { sessionMinutes }: McpConfig): McpSession | undefined {
    const own = this.#principals.get(principal);
    const key = `${server}\0${id}`;
    const session = own?.get(key);
    if (session === undefined) return undefined;
    const now = this.#now();
    if (now - session.usedAt > sessionMinutes * 60_000 && session.streams === 0) {
      this.forget(principal, server, id);
      return undefined;
    }
    session.usedAt = now;
    own!.delete(key);
    own!.set(key, session);
    return session;
  }

  /** Begins a session. Throws `gateway.unavailable` when there are too many. */
  begin(principal: string, server: string, id: string, upstreamId: string | undefined, config: McpConfig): McpSession {
    // Why what is known goes on: a server could make a conversation forget what it said by naming another one the same.
    const known = this.find(principal, server, id, config);
    if (known !== undefined && known.upstreamId === upstreamId) return known;
    this.forget(principal, server, id);
    if (this.#size >= config.maxSessions) this.#sweep(config);
    if (this.#size >= config.maxSessions) throw new CordonError('gateway.unavailable', 'there are too many sessions');
    let own = this.#principals.get(principal);
    if (own === undefined) this.#principals.set(principal, (own = new Map()));
    const session = new McpSession(upstreamId, this.#now());
    own.set(`${server}\0${id}`, session);
    this.#size++;
    if (own.size > config.sessionsPerCaller) {
      own.delete(own.keys().next().value!);
      this.#size--;
    }
    return session;
  }

  forget(principal: string, server: string, id: string): void {
    const own = this.#principals.get(principal);
    if (own?.delete(`${server}\0${id}`) !== true) return;
    this.#size--;
    if (own.size === 0) this.#principals.delete(principal);
  }

  #sweep({ sessionMinutes }: McpConfig): void {
    const oldest = this.#now() - sessionMinutes * 60_000;
    for (const [principal, own] of this.#principals) {
      for (const [key, session] of own) {
        if (session.usedAt >= oldest || session.streams > 0) continue;
        own.delete(key);
        this.#size--;
      }
      if (own.size === 0) this.#principals.delete(principal);
    }
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_ASKED) map.delete(map.keys().next().value!);
}
