import { CordonError } from '../../core/errors.ts';
import type { ByteSource } from '../../core/source.ts';
import type { Signature } from '../signature.ts';
import { walkMsgpack } from './walk.ts';

/** Values walked before a document is believed: other content fails within the first few. */
const PROBED = 5_000;

/** A MessagePack map with text keys that reads without a fault, to the end of the file where that is near. */
export const msgpack: Signature = { format: 'msgpack', matches: (head, source) => beginsAsMap(head) && walksClean(source) };

function beginsAsMap(head: Uint8Array): boolean {
  const [tag = 0, next = 0] = head;
  if (tag >= 0x81 && tag <= 0x8f) return (next > 0xa0 && next <= 0xbf) || next === 0xd9 || next === 0xc4;
  return tag === 0xde || tag === 0xdf;
}

function walksClean(source: ByteSource): boolean {
  let steps = 0;
  try {
    const leaves = walkMsgpack(source, () => {
      if (++steps > PROBED) throw new ProbeEnd();
    });
    while (!leaves.next().done);
    return true;
  } catch (error) {
    if (error instanceof ProbeEnd) return true;
    if (error instanceof CordonError && error.code !== 'limit.reached') return false;
    throw error;
  }
}

/** Ends a probe that has seen enough. */
class ProbeEnd extends Error {}
