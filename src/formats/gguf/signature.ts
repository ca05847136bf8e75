import { hasBytes, viewOf } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** `GGUF` and a version below 65,536 in either byte order. */
export const gguf: Signature = {
  format: 'gguf',
  matches(head) {
    if (!hasBytes(head, 'GGUF') || head.length < 8) return false;
    const version = viewOf(head).getUint32(4, true);
    return version !== 0 && ((version & 0xffff) === 0 || version < 0x10000);
  },
};

/** The magic numbers before GGUF: ggml, ggmf, ggjt (weights), ggla (adapters); little-endian, so that they read backwards. */
export const ggml: Signature = {
  format: 'ggml',
  matches(head) {
    if (head.length < 8) return false;
    const version = viewOf(head).getUint32(4, true);
    if (hasBytes(head, 'fmgg') || hasBytes(head, 'tjgg') || hasBytes(head, 'algg')) return version > 0 && version < 256;
    // Unversioned: a vocabulary size follows. Why the bound: `lmgg` also begins texts.
    return hasBytes(head, 'lmgg') && version < 0x100_0000;
  },
};
