import { latin1 } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/**
 * A little-endian length, then a JSON object. The length may lie (that is for the scanner to say), but its top byte must be
 * one no text has there. Why: the eight letters of `var x = {"a"` would be a length too.
 */
export const safetensors: Signature = {
  format: 'safetensors',
  matches(head) {
    const top = head[7];
    if (top === undefined || (top !== 0 && top < 0x7f)) return false;
    return /^\s*\{\s*(?:\}\s*(?:$|[^\s])|"(?:[^"\\]|\\.)*(?:$|"\s*(?:$|:)))/s.test(latin1(head.subarray(8)));
  },
};
