import * as z from 'zod';
import { secretReference } from './secret-reference.ts';

/** Why so narrow: ids end up in logs, metrics, the ledger and names of switches. */
const Id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');

const Url = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), 'must hold no user or password')
  .refine((url) => !/[?#\\]/.test(url), 'must hold no query and no fragment');

/** Headers that the gateway writes itself, or that carry a credential or change where a message ends. */
const OWN_HEADERS =
  /^(?:authorization|api-key|x-api-key|x-goog-api-key|cookie|host|connection|keep-alive|content-.*|transfer-encoding|te|trailer|upgrade|expect|accept-encoding|proxy-.*|x-amz-.*|x-forwarded-.*|forwarded)$/;

const Headers = z
  .record(
    z
      .string()
      .regex(/^[a-z][a-z0-9-]{0,63}$/, 'write the name in lower case')
      .refine((name) => !OWN_HEADERS.test(name), 'is a header that the gateway writes itself'),
    z.string().regex(/^[\t\x20-\x7e]{0,1024}$/, 'must be printable ASCII'),
  )
  .default({})
  .describe('headers sent with every request; no credentials, see apiKey');

const ms = (most: number) => z.int().min(10).max(most);

/** How long each phase of a request to a provider may take. */
export const UpstreamTimeouts = z
  .strictObject({
    connectMs: ms(60_000).default(5_000).describe('until a connection is there, TLS included'),
    firstByteMs: ms(3_600_000).default(300_000).describe('from sending to the first byte of the answer'),
    idleMs: ms(3_600_000).default(120_000).describe('between two pieces of an answer'),
    totalMs: ms(86_400_000).default(1_800_000).describe('for one attempt as a whole'),
  })
  .describe('how long each phase may take');
export type UpstreamTimeouts = z.infer<typeof UpstreamTimeouts>;

const common = {
  id: Id.describe('named in routes, logs and the ledger'),
  timeouts: UpstreamTimeouts.prefault({}),
  connections: z.int().min(1).max(10_000).default(256).describe('connections, and so requests, at the same time'),
  maxResponseBytes: z
    .int()
    .min(1_024)
    .max(4 * 1024 ** 3)
    .default(64 * 1024 ** 2)
    .describe('an answer that is longer is cut off'),
  headers: Headers,
  allowPrivateNetwork: z
    .boolean()
    .default(false)
    .describe('let the address lead into a private network, and http without encryption; never to link-local or metadata addresses'),
  tls: z
    .strictObject({
      ca: secretReference.optional().describe('PEM of the authorities that are trusted instead of the usual ones'),
      certificate: secretReference.optional().describe('PEM of the client certificate'),
      key: secretReference.optional().describe('PEM of its private key'),
    })
    .refine(({ certificate, key }) => (certificate === undefined) === (key === undefined), 'certificate and key belong together')
    .optional()
    .describe('certificates for the connection'),
};

/** Why patterns: the gateway makes host names and paths of these; nothing in them may end or extend a host name. */
const Region = z.string().regex(/^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/, 'name a region such as eu-central-1');
const Location = z.string().regex(/^(?:[a-z]{2,12}(?:-[a-z]{2,12}\d{1,2})|global|us|eu)$/, 'name a location such as europe-west1');
const Project = z.string().regex(/^(?:[a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,15})$/, 'name a project by its id or number');
const Resource = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/, 'name the resource, not its address');
const Deployment = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'name a deployment');
const ApiVersion = z.string().regex(/^(?:\d{4}-\d{2}-\d{2}(?:-preview)?|preview|latest|v1)$/, 'name a version such as 2024-10-21');
const Version = z.string().regex(/^[a-z0-9-]{1,40}$/);
const Uuid = z.string().regex(/^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/, 'give a UUID');

const Entra = z
  .strictObject({
    tenant: Uuid,
    clientId: Uuid,
    clientSecret: secretReference,
    loginUrl: Url.default('https://login.microsoftonline.com'),
  })
  .describe('a service principal of Microsoft Entra ID');

const AwsKeys = z
  .strictObject({
    accessKeyId: secretReference.default('env:AWS_ACCESS_KEY_ID'),
    secretAccessKey: secretReference.default('env:AWS_SECRET_ACCESS_KEY'),
    sessionToken: secretReference.optional(),
  })
  .describe('the identity that signs requests to AWS');

const responses = z
  .boolean()
  .default(true)
  .describe('whether it knows /responses; if not, requests for responses are translated to chat completions');

/** One model provider or self-hosted server, by kind. */
export const GatewayUpstream = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('openai'),
      ...common,
      url: Url.default('https://api.openai.com/v1'),
      apiKey: secretReference.default('env:OPENAI_API_KEY'),
    }),
    z.strictObject({
      kind: z.literal('anthropic'),
      ...common,
      url: Url.default('https://api.anthropic.com'),
      apiKey: secretReference.default('env:ANTHROPIC_API_KEY'),
      version: Version.default('2023-06-01').describe('sent as anthropic-version where the client says none'),
    }),
    z
      .strictObject({
        kind: z.literal('azure-openai'),
        ...common,
        resource: Resource.optional().describe('name of the resource: RESOURCE.openai.azure.com'),
        url: Url.optional().describe('another address, for example of a private link'),
        apiKey: secretReference.optional(),
        entra: z
          .union([z.literal('environment'), Entra])
          .optional()
          .describe('a token of Entra ID, or whichever the environment and the machine give'),
        form: z.enum(['v1', 'deployments']).default('v1').describe('/openai/v1, or /openai/deployments/NAME with an API version'),
        deployment: Deployment.optional().describe('used for every model, instead of its name'),
        apiVersion: ApiVersion.optional(),
      })
      .refine(({ resource, url }) => (resource === undefined) !== (url === undefined), 'give either resource or url')
      .refine(({ apiKey, entra }) => (apiKey === undefined) !== (entra === undefined), 'give either apiKey or entra')
      .refine(({ form, apiVersion }) => form === 'v1' || apiVersion !== undefined, 'the form deployments needs an apiVersion'),
    z
      .strictObject({
        kind: z.literal('bedrock'),
        ...common,
        region: Region,
        url: Url.optional().describe('another address, for example of a private link'),
        apiKey: secretReference.optional().describe('an API key of Bedrock, instead of signatures'),
        credentials: AwsKeys.optional().describe('default: where the AWS tools look'),
      })
      .refine(({ apiKey, credentials }) => apiKey === undefined || credentials === undefined, 'give either apiKey or credentials'),
    z.strictObject({
      kind: z.literal('vertex'),
      ...common,
      project: Project,
      region: Location,
      url: Url.optional().describe('another address, for example of a private link'),
      serviceAccount: secretReference.optional().describe('key file of a service account, JSON (default: what the environment gives)'),
      tokenUrl: Url.default('https://oauth2.googleapis.com/token'),
    }),
    z.strictObject({
      kind: z.literal('ollama'),
      ...common,
      url: Url.default('http://127.0.0.1:11434'),
      apiKey: secretReference.optional(),
      responses,
    }),
    z.strictObject({ kind: z.literal('vllm'), ...common, url: Url, apiKey: secretReference.optional(), responses }),
    z.strictObject({ kind: z.literal('openai-compatible'), ...common, url: Url, apiKey: secretReference.optional(), responses }),
  ])
  .describe('a model provider or self-hosted server');
export type GatewayUpstream = z.infer<typeof GatewayUpstream>;
export type UpstreamKind = GatewayUpstream['kind'];
/** The part of the configuration that belongs to one kind. */
export type UpstreamOf<Kind extends UpstreamKind> = Extract<GatewayUpstream, { kind: Kind }>;
