import * as z from 'zod';

const MAX_TEXT = 10_000;
/** Digests by the names in-toto gives the algorithms; hexadecimal. */
export const DigestSet = z.record(z.string().max(40), z.string().regex(/^[0-9a-f]{8,256}$/, 'is no hexadecimal digest'));

/** in-toto's description of anything that was used or made: at least one of name, uri and digest. */
export const ResourceDescriptor = z
  .object({
    name: z.string().max(MAX_TEXT).optional(),
    uri: z.string().max(MAX_TEXT).optional(),
    digest: DigestSet.optional(),
    downloadLocation: z.string().max(MAX_TEXT).optional(),
    mediaType: z.string().max(200).optional(),
    annotations: z.record(z.string().max(200), z.json()).optional(),
  })
  .refine(({ name, uri, digest }) => name !== undefined || uri !== undefined || digest !== undefined, 'needs a name, a uri or a digest');
export type ResourceDescriptor = z.infer<typeof ResourceDescriptor>;
