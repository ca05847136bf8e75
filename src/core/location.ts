import * as z from 'zod';

/** Where a finding is. `path` is relative to the scanned root; `member` is the chain of names inside containers, joined by `!`. */
export const Location = z.object({
  path: z.string(),
  member: z.string().optional().describe('names inside nested containers, outermost first, joined by "!"'),
  line: z.int().positive().optional().describe('1-based'),
  column: z.int().positive().optional().describe('1-based, in UTF-16 units'),
  offset: z.int().nonnegative().optional().describe('byte offset inside the innermost member'),
});
export type Location = z.infer<typeof Location>;
