import type { Budget } from '../../core/budget.ts';
import type { ByteSource } from '../../core/source.ts';
import { viewOf } from '../../formats/bytes/read.ts';

const WINDOW = 1 << 20;
/** Why 512 MiB: the program in front of the weights has a few dozen MiB; further on there are only weights. */
const SEARCHED = 512 * WINDOW;

/** Offset of a GGUF model inside a program; undefined when there is none. */
export function findEmbeddedGguf(source: ByteSource, budget: Budget): number | undefined {
  const end = Math.min(source.size, SEARCHED);
  for (let start = 0; start < end; start += WINDOW) {
    budget.checkTime();
    const window = Buffer.from(source.read(start, WINDOW + 24));
    for (let at = window.indexOf('GGUF'); at >= 0 && at < WINDOW; at = window.indexOf('GGUF', at + 1)) {
      if (isHeader(window.subarray(at, at + 24))) return start + at;
    }
  }
  return undefined;
}

/** Version, tensor count and key count as a real header has them: the four letters alone occur in every reader of the format. */
function isHeader(bytes: Uint8Array): boolean {
  if (bytes.length < 24) return false;
  const view = viewOf(bytes);
  const version = view.getUint32(4, true);
  return version >= 1 && version <= 3 && view.getBigUint64(8, true) < 1n << 24n && view.getBigUint64(16, true) < 1n << 20n;
}
