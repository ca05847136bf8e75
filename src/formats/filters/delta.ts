import type { Filter } from './filter.ts';

/** Differences to the byte `distance` (1 to 256) before. */
export function deltaFilter(distance: number): Filter {
  const history = new Uint8Array(distance);
  let at = 0;
  return {
    undo(bytes) {
      for (let i = 0; i < bytes.length; i++) {
        const value = ((bytes[i] as number) + (history[at] as number)) & 0xff;
        bytes[i] = value;
        history[at] = value;
        if (++at === distance) at = 0;
      }
      return bytes.length;
    },
  };
}
