import * as z from 'zod';
import { secretReference } from './secret-reference.ts';

/** Why so narrow: ids are part of addresses, of names of tools, and of the ledger. */
const Id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const Profile = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const Globs = z.array(z.string().regex(/^[\w.:/*?-]{1,200}$/, 'use the name of a tool, * and ?')).max(1_000);

const Url = z
  .url({ protocol: /^https?$/ })
  .max(2_048)
  .refine((url) => !/^[^/]*\/\/[^/]*@/.test(url), 'must hold no user or password')
  .refine((url) => !/[?#\\]/.test(url), 'must hold no query and no fragment');

const ms = (most: number) => z.int().min(10).max(most);

/** How long each phase of a request to an MCP server may take. */
export const McpTimeouts = z
  .strictObject({
    connectMs: ms(60_000).default(5_000).describe('until a connection is there, TLS included'),
    firstByteMs: ms(3_600_000).default(60_000).describe('from sending to the headers of the answer'),
    idleMs: ms(3_600_000).default(300_000).describe('between two pieces of an answer'),
    totalMs: ms(86_400_000).default(1_800_000).describe('for one answer or stream as a whole; clients open streams again by themselves'),
  })
  .describe('how long each phase may take');
export type McpTimeouts = z.infer<typeof McpTimeouts>;

/** An MCP server that clients reach through the gateway. */
export const McpServerConfig = z
  .strictObject({
    id: Id.describe('clients reach it at /mcp/ID; permissions and policies name its tools ID/TOOL'),
    url: Url.describe('address of the server, streamable HTTP'),
    auth: z
      .strictObject({
        secret: secretReference,
        header: z
          .string()
          .regex(/^(?!(?:host|cookie|connection|content-.*|transfer-encoding|te|mcp-.*|accept.*)$)[a-z][a-z0-9-]{0,63}$/)
          .default('authorization')
          .describe('header that carries the credential'),
        scheme: z
          .string()
          .regex(/^[A-Za-z0-9-]{0,40}$/)
          .default('Bearer')
          .describe('word before the credential; empty for none'),
      })
      .optional()
      .describe('what the gateway shows to the server; the credential of a client is never passed on'),
    allowPrivateNetwork: z
      .boolean()
      .default(false)
      .describe('let the address lead into a private network, and http without encryption; never to link-local or metadata addresses'),
    profile: Profile.optional().describe('profile of the guard'),
    tools: z
      .strictObject({
        allow: Globs.default(['*']).describe('names of the tools that clients see and may call'),
        deny: Globs.default([]).describe('names that are left out all the same'),
      })
      .prefault({}),
    timeouts: McpTimeouts.prefault({}),
    connections: z.int().min(1).max(10_000).default(256).describe('connections, and so requests and streams, at the same time'),
    maxResponseBytes: z
      .int()
      .min(1_024)
      .max(1024 ** 3)
      .default(16 * 1024 ** 2)
      .describe('an answer or a stream that is longer is cut off'),
  })
  .describe('an MCP server');
export type McpServerConfig = z.infer<typeof McpServerConfig>;

/** The section `gateway.mcp` of `cordon.yaml`. */
export const McpConfig = z
  .strictObject({
    servers: z
      .array(McpServerConfig)
      .max(1_000)
      .default([])
      .refine((servers) => new Set(servers.map(({ id }) => id)).size === servers.length, 'an id is used twice'),
    origins: z
      .array(z.url({ protocol: /^https?$/ }).transform((url) => new URL(url).origin))
      .max(100)
      .default([])
      .describe('origins of web pages that may call; without an entry, requests of web pages are refused'),
    waitMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(10_000)
      .describe('how long /mcp waits for each server when it asks all of them; a server that is later is missing from the answer'),
    sessionMinutes: z.int().min(1).max(10_080).default(240).describe('how long a session that nobody uses is remembered'),
    maxSessions: z.int().min(1).max(1_000_000).default(10_000),
    sessionsPerCaller: z.int().min(1).max(100_000).default(200).describe('of one principal; the longest unused goes first'),
  })
  .describe('MCP servers behind the gateway');
export type McpConfig = z.infer<typeof McpConfig>;
