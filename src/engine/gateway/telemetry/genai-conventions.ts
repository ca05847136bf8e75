import type { GenAiConventions } from '../../../core/gateway-telemetry-config.ts';

/** What the gateway tells, by the names of one version of the GenAI semantic conventions. `null`: that version has no name for it. */
export interface GenAiNames {
  readonly operation: string;
  readonly provider: string;
  readonly requestModel: string;
  readonly responseModel: string;
  readonly inputTokens: string;
  readonly outputTokens: string;
  readonly cachedTokens: string | null;
  readonly stream: string | null;
  readonly conversation: string;
  readonly timeToFirstChunk: string | null;
  readonly tokenType: string;
  /** Names of providers that this version calls otherwise. */
  readonly providers: Readonly<Record<string, string>>;
  readonly metrics: {
    readonly tokens: { readonly name: string; readonly type: 'histogram' | 'counter' };
    readonly operationDuration: string;
    readonly clientTimeToFirstChunk: string | null;
    readonly serverDuration: string;
    readonly timeToFirstToken: string;
    readonly timePerOutputToken: string;
  };
  /** Where these names are defined; sent along with them. */
  readonly schemaUrl: string | null;
}

const V1_36: GenAiNames = {
  operation: 'gen_ai.operation.name',
  provider: 'gen_ai.system',
  requestModel: 'gen_ai.request.model',
  responseModel: 'gen_ai.response.model',
  inputTokens: 'gen_ai.usage.input_tokens',
  outputTokens: 'gen_ai.usage.output_tokens',
  cachedTokens: null,
  stream: null,
  conversation: 'gen_ai.conversation.id',
  timeToFirstChunk: null,
  tokenType: 'gen_ai.token.type',
  providers: { 'azure.ai.openai': 'az.ai.openai' },
  metrics: {
    tokens: { name: 'gen_ai.client.token.usage', type: 'histogram' },
    operationDuration: 'gen_ai.client.operation.duration',
    clientTimeToFirstChunk: null,
    serverDuration: 'gen_ai.server.request.duration',
    timeToFirstToken: 'gen_ai.server.time_to_first_token',
    timePerOutputToken: 'gen_ai.server.time_per_output_token',
  },
  schemaUrl: 'https://opentelemetry.io/schemas/1.36.0',
};

const V1_41: GenAiNames = {
  ...V1_36,
  provider: 'gen_ai.provider.name',
  cachedTokens: 'gen_ai.usage.cache_read.input_tokens',
  stream: 'gen_ai.request.stream',
  timeToFirstChunk: 'gen_ai.response.time_to_first_chunk',
  providers: {},
  metrics: { ...V1_36.metrics, clientTimeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk' },
  schemaUrl: 'https://opentelemetry.io/schemas/1.41.0',
};

/** The table of names by version. Why versions: the conventions are in development, and dashboards must not break by an update. */
export const GENAI_NAMES: Readonly<Record<GenAiConventions, GenAiNames>> = {
  '1.36': V1_36,
  '1.41': V1_41,
  // The repository of the GenAI conventions after they left the core; not released yet, so that it has no schema.
  latest: {
    ...V1_41,
    metrics: { ...V1_41.metrics, tokens: { name: 'gen_ai.client.inference.tokens', type: 'counter' } },
    schemaUrl: null,
  },
};

/** Bounds that the conventions advise: of token counts, and of durations in seconds. */
export const TOKEN_BUCKETS: readonly number[] = Array.from({ length: 14 }, (_, power) => 4 ** power);
export const DURATION_BUCKETS: readonly number[] = Array.from({ length: 14 }, (_, power) => 2 ** power / 100);
export const FIRST_TOKEN_BUCKETS: readonly number[] = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
];
export const PER_TOKEN_BUCKETS: readonly number[] = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5];

const PROVIDERS: Readonly<Record<string, string>> = {
  openai: 'openai',
  anthropic: 'anthropic',
  azure: 'azure.ai.openai',
  'azure-openai': 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  vertex: 'gcp.vertex_ai',
};

/** What the conventions call the provider behind an upstream of a kind; a kind that they do not know keeps its name. */
export function providerName(kind: string, names: GenAiNames): string {
  const name = PROVIDERS[kind] ?? kind;
  return names.providers[name] ?? name;
}

/** What the conventions call the operation of a route; undefined where it is none that they know. */
export function operationName(route: string): string | undefined {
  if (/\/(?:chat\/completions|messages|responses)$/.test(route)) return 'chat';
  if (route.endsWith('/embeddings')) return 'embeddings';
  if (route.endsWith('/completions')) return 'text_completion';
  return /^\/mcp(?:\/|$)/.test(route) ? 'execute_tool' : undefined;
}
