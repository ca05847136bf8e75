import { hasBytes, latin1, viewOf } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** An XGBoost model in UBJSON or the old binary form, or a binary DMatrix. JSON models are sniffed as JSON. */
export const xgboost: Signature = { format: 'xgboost', matches: (head) => isUbjson(head) || isOldBinary(head) || isDMatrix(head) };

/** UBJSON object whose first key is one that XGBoost writes; keys carry an `L` (int64) length. */
export function isUbjson(head: Uint8Array): boolean {
  if (!hasBytes(head, '{L\x00\x00\x00\x00\x00\x00\x00')) return false;
  const key = latin1(head.subarray(10, 10 + (head[9] ?? 0)));
  return ['learner', 'version', 'Config', 'Model'].includes(key);
}

/** `binf`, or the parameter block that older releases wrote without magic: base score, features, classes, flags, reserved zeros. */
export function isOldBinary(head: Uint8Array): boolean {
  if (hasBytes(head, 'binf')) return true;
  if (head.length < 160) return false;
  const view = viewOf(head);
  const [score, features, classes] = [view.getFloat32(0, true), view.getUint32(4, true), view.getInt32(8, true)];
  const nameLength = Number(view.getBigUint64(136, true));
  if (!Number.isFinite(score) || features === 0 || features > 1e9 || classes < 0 || classes > 1e6 || nameLength < 4 || nameLength > 64)
    return false;
  return /^(reg|binary|multi|rank|survival|count):[a-z0-9]+$/.test(latin1(head.subarray(144, 144 + nameLength)));
}

function isDMatrix(head: Uint8Array): boolean {
  return hasBytes(head, '\x01\xab\xff\xffversion:');
}
