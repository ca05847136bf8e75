import * as z from 'zod';

/** The section `server` of `cordon.yaml`. */
export const ServerConfig = z
  .strictObject({
    host: z.string().min(1).max(253).default('127.0.0.1').describe('address to listen on'),
    port: z.int().min(0).max(65_535).default(7_070).describe('0: any free one'),
    publicUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('how clients reach the server, when a proxy stands before it'),
    data: z.string().min(1).max(4_096).default('.cordon').describe('folder for the database, blobs and keys'),
    database: z.string().min(1).max(4_096).optional().describe('postgres://... instead of the file in the data folder'),
    blobs: z.string().min(1).max(4_096).optional().describe('s3://bucket/prefix instead of the data folder'),
  })
  .describe('the server');
export type ServerConfig = z.infer<typeof ServerConfig>;
