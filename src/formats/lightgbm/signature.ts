import { hasBytes, latin1 } from '../bytes/read.ts';
import type { Signature } from '../signature.ts';

/** First bytes of a data set that LightGBM saved in its own binary form. */
export const DATASET_TOKEN = '______LightGBM_Binary_File_Token______\n';

/** A LightGBM text model or binary data set. */
export const lightgbm: Signature = {
  format: 'lightgbm',
  matches: (head) => hasBytes(head, DATASET_TOKEN) || /^tree\r?\nversion=v\d+\r?\n/.test(latin1(head.subarray(0, 64))),
};
