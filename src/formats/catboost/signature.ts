import { hasBytes } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** A CatBoost model: magic and the length of the FlatBuffer that follows. */
export const catboost: Signature = { format: 'catboost', matches: (head) => hasBytes(head, 'CBM1') && head.length >= 16 };
