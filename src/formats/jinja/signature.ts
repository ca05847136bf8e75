import { utf8 } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** Text that begins with a Jinja tag or comment, after blanks. Templates that begin with text are told by their name. */
export const jinja: Signature = {
  format: 'jinja',
  matches: (head) =>
    !head.includes(0) && /^\s*(?:\{%[-+]?\s*[a-z]+\s|\{\{-?\s*[\w'"([]|\{#)/.test(utf8(head.subarray(0, 512)).replace(/^\uFEFF/, '')),
};
