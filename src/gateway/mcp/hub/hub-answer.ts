import { CordonError } from '../../../core/errors.ts';
import { writeJson } from '../../../formats/exact-json/write-json.ts';
import type { Exchange } from '../../exchange/exchange.ts';
import { asCordonError } from '../../http/error-reply.ts';
import type { JsonObject } from '../../json/parse-object.ts';
import { replyToServer } from '../ask-server.ts';
import { judgeAnswer } from '../judge-answer.ts';
import type { McpContext } from '../mcp-context.ts';
import type { RpcId, RpcMessage } from '../message.ts';
import { noteDecision } from './ask-part.ts';

/** Why none: what comes beside an answer is no answer. */
const NO_RESPONSE = '';
/** Why: every message is decided about, and all others wait for the answer of one. */
const MOST_TOLD = 200;

/** The answer of the gateway itself to a request: JSON, or a stream where servers say something before. */
export class HubAnswer {
  readonly #exchange: Exchange;
  readonly #id: RpcId;
  readonly #ending = new AbortController();
  #work: Promise<void> = Promise.resolve();
  /** How much each server has said. */
  readonly #told = new Map<string, number>();

  constructor(exchange: Exchange, id: RpcId) {
    this.#exchange = exchange;
    this.#id = id;
    exchange.cut = (error) => this.#ending.abort(error);
    exchange.response.once('close', () => this.#ending.abort(new CordonError('request.invalid', 'the client left')));
  }

  /** Ends what is asked when the client leaves or is cut. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** Throws why the answer is not wanted any more. */
  requireClient(): void {
    if (this.signal.aborted) throw this.signal.reason;
  }

  /** Brings a message of a server to the client, once it is decided about. Throws `upstream.failed` for a server that says too much. */
  tell(context: McpContext, message: RpcMessage): void {
    const { id } = context.server.config;
    const told = (this.#told.get(id) ?? 0) + 1;
    if (told > MOST_TOLD) throw new CordonError('upstream.failed', 'the server says more beside its answer than anybody reads');
    this.#told.set(id, told);
    this.#work = this.#work.then(() => this.#take(context, message)).catch((error: unknown) => this.#ending.abort(asCordonError(error)));
  }

  /** Ends it with a result. Headers are for an answer that has not begun. */
  async end(result: JsonObject, headers: Record<string, string> = {}): Promise<void> {
    await this.#work;
    this.requireClient();
    const { response } = this.#exchange;
    const text = writeJson({ jsonrpc: '2.0', id: this.#id, result });
    const bytes = Buffer.from(response.headersSent ? `event: message\ndata: ${text}\n\n` : text);
    this.#exchange.usage = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, measured: true };
    this.#exchange.attempts = 1;
    this.#exchange.answering(bytes);
    await this.#exchange.finish('served', 200, null);
    this.#exchange.cut = undefined;
    if (response.headersSent) return void response.end(bytes);
    response
      .writeHead(200, { ...this.#headers(), ...headers, 'content-type': 'application/json', 'content-length': bytes.length })
      .end(bytes);
  }

  async #take(context: McpContext, message: RpcMessage): Promise<void> {
    const { fate, decision, reply } = await judgeAnswer(context, message, NO_RESPONSE);
    if (decision !== undefined) noteDecision(this.#exchange, 'response', decision);
    if (reply !== undefined) void replyToServer(context, reply);
    if (fate === 'dropped' || this.signal.aborted) return;
    if (context.outward?.write(message) === false) return;
    const { response } = this.#exchange;
    if (!response.headersSent) {
      this.#exchange.stream = true;
      response.writeHead(200, { ...this.#headers(), 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    }
    const bytes = Buffer.from(`event: message\ndata: ${writeJson(message.body)}\n\n`);
    this.#exchange.answering(bytes);
    response.write(bytes);
  }

  #headers(): Record<string, string> {
    return { ...this.#exchange.admission?.headers, 'x-cordon-request-id': this.#exchange.id };
  }
}
