import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../../src/core/config.ts';
import { type RunningServer, startServer } from '../../src/server/start-server.ts';

/** An answer of the API: its status, and its JSON or text. */
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- answers of many routes
  readonly body: any;
}

/** Somebody with a key. */
export interface Somebody {
  readonly key: string;
  api(method: string, path: string, body?: unknown): Promise<Answer>;
  /** Commits files to a branch with the Hub API. */
  push(repository: string, files: Readonly<Record<string, string | Uint8Array>>, branch?: string): Promise<Answer>;
  /** Fetches a file with the Hub API. */
  pull(repository: string, revision: string, path: string): Promise<Answer>;
}

/** A whole server on a free port. */
export interface Served {
  readonly server: RunningServer;
  readonly folder: string;
  readonly admin: Somebody;
  /** A person with roles, as `role@object`. */
  person(name: string, ...roles: readonly string[]): Promise<Somebody>;
  close(): Promise<void>;
}

/** Starts a server in a folder of its own, or in that of another server. */
export async function serve(config: object = {}, folder?: string, adminKey?: string): Promise<Served> {
  const own = folder ?? (await mkdtemp(join(tmpdir(), 'cordon-e2e-')));
  const { server: settings = {}, ...rest } = config as { readonly server?: object };
  const settled = Config.parse({ scan: { jobs: 1 }, ...rest, server: { port: 0, data: own, ...settings } });
  const server = await startServer({ config: settled, configFolder: own });
  const admin = somebody(server.url, adminKey ?? server.adminKey ?? '');
  return {
    server,
    folder: own,
    admin,
    async person(name, ...roles) {
      must(await admin.api('POST', '/principals', { name, kind: 'user' }));
      for (const role of roles) {
        const [title = '', on = ''] = role.split('@');
        must(await admin.api('POST', '/roles', { holder: name, role: title, on }));
      }
      const { secret } = must(await admin.api('POST', '/keys', { name: 'test', principal: name })).body as { secret: string };
      return somebody(server.url, secret);
    },
    async close() {
      await server.close();
      if (folder === undefined) await rm(own, { recursive: true, force: true });
    },
  };
}

/** Whoever holds a key; an empty one is sent as none. */
export function somebody(url: string, key: string): Somebody {
  const authorization: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` };
  async function ask(method: string, address: string, body?: string, type = 'application/json'): Promise<Answer> {
    const response = await fetch(`${url}${address}`, {
      method,
      headers: { ...authorization, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  }
  return {
    key,
    api: (method, path, body) =>
      ask(method, `/api/v1${path}`, body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)),
    async push(repository, files, branch = 'main') {
      await ask(
        'POST',
        '/hf/api/repos/create',
        JSON.stringify({ name: repository.split('/')[1], organization: repository.split('/')[0], type: 'model' }),
      );
      if (branch !== 'main') await ask('POST', `/hf/api/models/${repository}/branch/${branch}`, '{}');
      const lines = [
        { key: 'header', value: { summary: 'push' } },
        ...Object.entries(files).map(([path, content]) => ({
          key: 'file',
          value: { path, encoding: 'base64', content: Buffer.from(content).toString('base64') },
        })),
      ];
      const text = lines.map((line) => JSON.stringify(line)).join('\n');
      return ask('POST', `/hf/api/models/${repository}/commit/${branch}`, text, 'application/x-ndjson');
    },
    pull: (repository, revision, path) => ask('GET', `/hf/${repository}/resolve/${revision}/${path}`),
  };
}

/** The answer, if it is a good one. */
export function must(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
