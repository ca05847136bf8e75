import * as z from 'zod';
import { secretReference, secretVariable } from './secret-reference.ts';

const Id = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and hyphens, starting with a letter');
const Names = z.array(z.string().min(1).max(200)).max(10_000);

/** What is taken over from a remote hub. */
export const Curation = z
  .strictObject({
    allowPublishers: Names.default([]).describe('namespaces that are mirrored; empty: all that are not denied'),
    denyPublishers: Names.default([]).describe('namespaces that never are'),
    minAgeDays: z.int().min(0).max(3_650).default(0).describe('a revision younger than this is not mirrored yet'),
    allowLicences: Names.default([]).describe('licences as cards declare them, in lower case; empty: any'),
    maxBytes: z
      .int()
      .min(1)
      .default(1024 ** 4)
      .describe('bytes of all files of a revision'),
    leaveOut: z.array(z.string().min(1).max(100)).max(1_000).default([]).describe('endings of files that are not mirrored, such as .h5'),
    denyFormats: z.array(z.string().min(1).max(100)).max(1_000).default([]).describe('endings of files that no mirrored revision may have'),
  })
  .describe('what is taken over from a remote hub; whatever is, passes the gate of the ingest');
export type Curation = z.infer<typeof Curation>;

/** A remote hub whose models are mirrored when somebody asks for them. */
export const Upstream = z
  .strictObject({
    id: Id,
    url: z.url({ protocol: /^https?$/ }).describe('address of the hub, such as https://huggingface.co'),
    token: secretReference.optional().describe('where the token is kept'),
    tokenEnv: secretVariable.optional().describe('environment variable with the token; none is sent where it is not set'),
    namespaces: Names.min(1).describe(
      'namespaces that are looked for there; *: all, so that whoever takes a name there can be mirrored under it',
    ),
    checkMinutes: z.int().min(0).max(100_000).default(60).describe('how long a branch is taken to stand where it stood'),
    allowPrivate: z.boolean().default(false).describe('the hub, or where it sends downloads, may have a private address'),
    curation: Curation.prefault({}),
  })
  .refine(({ token, tokenEnv }) => token === undefined || tokenEnv === undefined, 'give either token or tokenEnv')
  .describe('a remote hub');
export type Upstream = z.infer<typeof Upstream>;
