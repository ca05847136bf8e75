import { serve, type Served, type Somebody } from '../e2e/served.ts';
import { FilesServer } from './files-server.ts';
import { json, type ModelServer, modelServer } from './model-server.ts';

/** An answer of the gateway. */
export interface Asked {
  readonly status: number;
  readonly text: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of many routes
  readonly body: any;
}

let made = 0;

/** An item of a response. */
export const message = (text: string) => ({
  type: 'message',
  id: `msg_${made}`,
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations: [] }],
});

/** A response. */
export const said = (id: string, more: object = {}) => ({
  id,
  object: 'response',
  status: 'completed',
  model: 'm',
  output: [message('Hello.')],
  usage: { input_tokens: 1, output_tokens: 1 },
  ...more,
});

/** A request in a file of a batch. */
export const line = (body: object = {}, more: object = {}) =>
  JSON.stringify({
    custom_id: 'one',
    method: 'POST',
    url: '/v1/chat/completions',
    body: { model: 'm', messages: [{ role: 'user', content: 'hi' }], ...body },
    ...more,
  });

/** A batch of a file. */
export const batch = (id: unknown) => ({ input_file_id: id, endpoint: '/v1/chat/completions', completion_window: '24h' });

/** Two people who have one provider keep things for them. */
export class KeptCallers {
  readonly models: ModelServer;
  readonly served: Served;
  readonly ann: Somebody;
  readonly eve: Somebody;
  /** What the provider keeps. */
  kept = new FilesServer();

  constructor(models: ModelServer, served: Served, ann: Somebody, eve: Somebody) {
    this.models = models;
    this.served = served;
    this.ann = ann;
    this.eve = eve;
  }

  /** Starts everything on free ports. */
  static async start(): Promise<KeptCallers> {
    const models = await modelServer();
    const served = await serve({
      gateway: {
        upstreams: [{ id: 'local', kind: 'openai-compatible', url: `${models.origin}/v1` }],
        models: { m: { targets: [{ upstream: 'local', model: 'there' }] }, n: { targets: [{ upstream: 'local', model: 'other' }] } },
        resilience: { failures: 1_000, minRequests: 100_000 },
        guard: { routes: { '/v1/embeddings': 'monitor' } },
      },
      guard: { profiles: { plain: { detectors: {} } } },
    });
    return new KeptCallers(models, served, await served.person('ann', 'admin@*'), await served.person('eve', 'admin@*'));
  }

  async close(): Promise<void> {
    await this.served.close();
    await this.models.close();
  }

  /** The provider keeps nothing, and is harmless again. */
  reset(): void {
    this.models.got.length = 0;
    this.kept = new FilesServer();
    this.models.answer = (got, response) =>
      got.url.includes('/responses') ? json(response, said(`resp_${++made}`)) : this.kept.answer(got, response);
  }

  async ask(method: string, path: string, body?: unknown, who = this.ann): Promise<Asked> {
    const isForm = body instanceof FormData;
    const response = await fetch(`${this.served.server.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${who.key}`, ...(body !== undefined && !isForm && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, text, body: text.startsWith('{') ? JSON.parse(text) : {} };
  }

  async upload(bytes: string | Buffer, purpose = 'user_data', who = this.ann, name = 'a.txt', fields: object = {}): Promise<Asked> {
    const form = new FormData();
    form.set('purpose', purpose);
    for (const [field, value] of Object.entries(fields)) form.set(field, String(value));
    form.set('file', new Blob([Buffer.from(bytes)]), name);
    return this.ask('POST', '/v1/files', form, who);
  }
}
