import type { Pool } from 'undici';
import { CordonError } from '../../../core/errors.ts';
import type { McpServerConfig } from '../../../core/gateway-mcp-config.ts';
import { checkOrigin, connectTo } from '../upstreams/connect.ts';
import { type Credential, NO_CREDENTIAL } from '../upstreams/credentials/credential.ts';
import { headerCredential } from '../upstreams/credentials/header-credential.ts';
import { Deadlines } from '../upstreams/deadlines.ts';
import { upstreamError } from '../upstreams/failure.ts';
import type { SecretReader } from '../upstreams/upstreams.ts';
import { McpRequest, type McpSending, type McpSink } from './mcp-request.ts';

/** What is sent to an MCP server. Its address is the configured one: nothing of it comes from a client. */
export interface McpOutgoing {
  readonly method: 'POST' | 'GET' | 'DELETE';
  /** In lower case, made by the gateway. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/** An MCP server that can be asked. */
export interface McpServer {
  readonly config: McpServerConfig;
  send(request: McpOutgoing, sink: McpSink): McpSending;
}

/** The MCP servers of a configuration. */
export interface McpServers {
  /** Undefined: there is none with this id. */
  find(id: string): McpServer | undefined;
  /** In the order of the configuration. */
  all(): readonly McpServer[];
  /** Takes other servers over at once; throws `config.invalid` and keeps the ones before. Requests under way end as they began. */
  reconfigure(servers: readonly McpServerConfig[]): void;
  close(): Promise<void>;
}

/** Opens the way to the servers. Throws `config.invalid` for addresses that are not allowed. */
export function openMcpServers(first: readonly McpServerConfig[], secrets: SecretReader): McpServers {
  const deadlines = new Deadlines();
  let open = opened(first, new Map(), secrets, deadlines);
  return {
    find: (id) => open.get(id),
    all: () => [...open.values()],
    reconfigure(servers) {
      const before = open;
      open = opened(servers, before, secrets, deadlines);
      for (const [id, server] of before) if (open.get(id) !== server) void server.close();
    },
    async close() {
      await Promise.all([...open.values()].map((server) => server.destroy()));
      deadlines.close();
    },
  };
}

function opened(
  servers: readonly McpServerConfig[],
  before: ReadonlyMap<string, OpenServer>,
  secrets: SecretReader,
  deadlines: Deadlines,
): Map<string, OpenServer> {
  const open = new Map<string, OpenServer>();
  const made: OpenServer[] = [];
  try {
    for (const config of servers) {
      const known = before.get(config.id);
      const isSame = known !== undefined && JSON.stringify(known.config) === JSON.stringify(config);
      const server = isSame ? known : new OpenServer(config, secrets, deadlines);
      if (!isSame) made.push(server);
      open.set(config.id, server);
    }
  } catch (error) {
    for (const server of made) void server.close();
    throw error;
  }
  return open;
}

class OpenServer implements McpServer {
  readonly config: McpServerConfig;
  readonly #pool: Pool;
  readonly #path: string;
  readonly #credential: Credential;
  readonly #deadlines: Deadlines;

  constructor(config: McpServerConfig, secrets: SecretReader, deadlines: Deadlines) {
    this.config = config;
    this.#deadlines = deadlines;
    const url = checkOrigin(config.url, config);
    this.#path = url.pathname;
    const { auth } = config;
    this.#credential =
      auth === undefined ? NO_CREDENTIAL : headerCredential(secrets, auth.secret, auth.header, auth.scheme === '' ? '' : `${auth.scheme} `);
    this.#pool = connectTo(new URL(url.origin), config);
  }

  send(request: McpOutgoing, sink: McpSink): McpSending {
    const sending = new McpRequest(this.config, sink, this.#deadlines, request.method === 'GET');
    const headers = this.#credential.current();
    if (headers !== undefined) this.#dispatch(request, headers, sending);
    else {
      this.#credential.renew().then(
        (renewed) => this.#dispatch(request, renewed, sending),
        () => sending.fail(upstreamError(this.config.id, 'its credential cannot be had')),
      );
    }
    return sending;
  }

  /** Ends what is idle now, and everything else when it is done. */
  async close(): Promise<void> {
    this.#credential.close();
    await this.#pool.close();
  }

  async destroy(): Promise<void> {
    this.#credential.close();
    await this.#pool.destroy();
  }

  #dispatch({ method, headers, body }: McpOutgoing, credential: readonly string[], sending: McpRequest): void {
    if (sending.isDone) return;
    const list = ['user-agent', 'cordon', 'accept-encoding', 'identity', ...Object.entries(headers).flat(), ...credential];
    try {
      this.#pool.dispatch({ path: this.#path, method, headers: list, body: body ?? null }, sending);
    } catch (cause) {
      sending.fail(new CordonError('internal.bug', 'the request cannot be made', { cause }));
    }
  }
}
