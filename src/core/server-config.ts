import * as z from 'zod';
import { IpRange } from './ip-range.ts';
import { secretReference } from './secret-reference.ts';

const File = z.string().min(1).max(4_096);

/** HTTPS by this server itself. Files are read again when they change. */
export const TlsConfig = z
  .strictObject({
    cert: File.describe('PEM file: the certificate and those that vouch for it'),
    key: File.describe('PEM file: its private key'),
    clientCa: File.optional().describe('PEM file: who vouches for certificates of clients'),
    clientAuth: z
      .enum(['none', 'optional', 'required'])
      .default('none')
      .describe('certificates of clients: not asked for, verified when there is one, or no connection without one'),
  })
  .refine(({ clientCa, clientAuth }) => (clientAuth === 'none') === (clientCa === undefined), {
    message: 'clientCa is needed for clientAuth optional and required, and only there',
  })
  .describe('HTTPS by this server itself');
export type TlsConfig = z.infer<typeof TlsConfig>;

/** The section `server` of `cordon.yaml`. */
export const ServerConfig = z
  .strictObject({
    host: z.string().min(1).max(253).default('127.0.0.1').describe('address to listen on'),
    port: z.int().min(0).max(65_535).default(7_070).describe('0: any free one'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('how clients reach the server, when a proxy stands before it'),
    tls: TlsConfig.optional(),
    trustedProxies: z
      .array(IpRange)
      .max(1_000)
      .default([])
      .describe('addresses of proxies before this server whose X-Forwarded-For counts'),
    metrics: z
      .enum(['local', 'credential', 'anybody', 'off'])
      .default('local')
      .describe('who may read /metrics: this machine and whoever has the action audit; only the latter; anybody; nobody'),
    data: z.string().min(1).max(4_096).default('.cordon').describe('folder for the database, blobs and keys'),
    database: z.string().min(1).max(4_096).optional().describe('postgres://... instead of the file in the data folder'),
    databasePassword: secretReference
      .optional()
      .describe('where the password of Postgres is kept; read for each new connection, so that it may be rotated'),
    ledgerKey: secretReference
      .optional()
      .describe('where the key that signs checkpoints is kept, read at the start; default: in the data folder'),
    blobs: z.string().min(1).max(4_096).optional().describe('s3://bucket/prefix instead of the data folder'),
  })
  .describe('the server');
export type ServerConfig = z.infer<typeof ServerConfig>;
